import { CompositeEvalMetric, metricClass, misfit, type Pair, tallyPairs } from '@lossworks/metrics';

/** Share of regions whose most probable class is the label. Predictions (images, regions, classes), labels (images, regions). */
export const RCNNAccuracy = metricClass({
  className: 'RCNNAccMetric',
  names: ['rcnn_acc', 'rcnnacc'],
  displayName: 'RCNNAcc',
  parameters: {},
  define: () => tallyPairs((pair) => ({ sum: countRegions(pair, (probabilities, label) => Number(indexOfLargest(probabilities) === label)), count: pair.label.data.length })),
});

/** Mean of −log p(label) over regions; 1e-14 keeps a certain mistake finite. Shapes as for the accuracy. */
export const RCNNLogLoss = metricClass({
  className: 'RCNNLogLossMetric',
  names: ['rcnn_log_loss', 'rcnnlogloss'],
  displayName: 'RCNNLogLoss',
  parameters: {},
  define: () => tallyPairs((pair) => ({ sum: countRegions(pair, (probabilities, label) => -Math.log(probabilities[label]! + 1e-14)), count: pair.label.data.length })),
});

/** Sum of the box losses over the number of foreground regions. Predictions (images, regions, 4 · classes), labels (images, regions). */
export const RCNNL1Loss = metricClass({
  className: 'RCNNL1LossMetric',
  names: ['rcnn_l1_loss', 'rcnnl1loss'],
  displayName: 'RCNNL1Loss',
  parameters: {},
  define: () => tallyPairs(({ label, pred }) => ({ sum: sum(pred.data), count: Array.from(label.data).filter((classId) => classId !== 0).length })),
});

/** All three, each from its own output of the network. */
export function regionMetrics({ probabilities, boxLoss, label }: { readonly probabilities: string; readonly boxLoss: string; readonly label: string }): CompositeEvalMetric {
  const labelNames = [label];
  return new CompositeEvalMetric([
    new RCNNAccuracy({ outputNames: [probabilities], labelNames }),
    new RCNNLogLoss({ outputNames: [probabilities], labelNames }),
    new RCNNL1Loss({ outputNames: [boxLoss], labelNames }),
  ]);
}

function countRegions(pair: Pair, measure: (probabilities: Float32Array, label: number) => number): number {
  const { label, pred } = pair;
  const classes = pred.shape.at(-1) ?? 0;
  if (pred.data.length !== label.data.length * classes) throw misfit(pair, 'there must be one row of probabilities a label', 'give predictions of the labels\' shape and one axis of classes more');
  const probabilities = Float32Array.from(pred.data);
  return Array.from(label.data).reduce((total, classId, row) => total + measure(probabilities.subarray(row * classes, (row + 1) * classes), classId), 0);
}

function indexOfLargest(numbers: Float32Array): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! > numbers[best]!) best = i;
  return best;
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total;
}
