import { Accuracy, CenterLoss, CompositeEvalMetric, CrossEntropy, type Metric } from '@lossworks/metrics';
import type { Measures } from './history.js';
import { centerLossOutput, softmaxOutputName } from './network.js';

/** What is measured while training and in a test, each from its own output of the network. */
export function trainingMetric(hasCenters: boolean): Metric {
  const classification = { outputNames: [softmaxOutputName], labelNames: ['softmax_label'] };
  return new CompositeEvalMetric([
    new Accuracy(classification),
    new CrossEntropy(classification),
    ...(hasCenters ? [new CenterLoss({ outputNames: [centerLossOutput], labelNames: ['center_label'] })] : []),
  ]);
}

export function measuresOf(metric: Metric): Measures {
  const [accuracy, crossEntropy, centerLoss] = metric.getGlobalNameValue().map(([, value]) => value);
  return { accuracy: accuracy!, crossEntropy: crossEntropy!, ...(centerLoss !== undefined && { centerLoss }) };
}
