import { metricClass } from '../metric-class.js';
import type { MetricUpdate } from '../metric-update.js';
import { exactSum } from '../state/exact-sum.js';
import { tally } from '../state/tally.js';

/** Mean over every element of the outputs, of any shape (MXNet `Loss`); labels are not read, so none need be given. */
export const Loss = metricClass({ className: 'Loss', define: meanOfOutputs });

/** `Loss` under the name MXNet gave Torch criterions (MXNet `Torch`). */
export const Torch = metricClass({ className: 'Torch', define: meanOfOutputs });

/** `Loss` under the name MXNet gave Caffe loss layers (MXNet `Caffe`). */
export const Caffe = metricClass({ className: 'Caffe', define: meanOfOutputs });

export function meanOfOutputs() {
  return {
    ...tally,
    measure: ({ preds }: MetricUpdate) => preds.map(({ data }) => ({ sum: exactSum(data), count: data.length })).reduce(tally.merge, tally.initial()),
  };
}
