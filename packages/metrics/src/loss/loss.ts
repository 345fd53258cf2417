import { sumOf } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import type { MetricUpdate } from '../metric-update.js';
import { tally } from '../state/tally.js';

/** Mean over every element of the outputs, of any shape (MXNet `Loss`); labels are not read, so none need be given. */
export const Loss = metricClass({ className: 'Loss', names: ['loss'], displayName: 'loss', parameters: {}, define: meanOfOutputs });

/** `Loss` under the name MXNet gave Torch criterions (MXNet `Torch`). */
export const Torch = metricClass({ className: 'Torch', names: ['torch'], displayName: 'torch', parameters: {}, define: meanOfOutputs });

/** `Loss` under the name MXNet gave Caffe loss layers (MXNet `Caffe`). */
export const Caffe = metricClass({ className: 'Caffe', names: ['caffe'], displayName: 'caffe', parameters: {}, define: meanOfOutputs });

function meanOfOutputs() {
  return {
    ...tally,
    measure: ({ preds }: MetricUpdate) => preds.map(pred => ({ sum: sumOf(pred), count: pred.data.length })).reduce(tally.merge, tally.initial()),
  };
}
