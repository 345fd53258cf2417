import { meanOfOutputs } from '../loss/loss.js';
import { metricClass } from '../metric-class.js';
import type { MetricDefinition } from '../metric-definition.js';
import { nearest } from '../state/exact-sum.js';
import type { Tally } from '../state/tally.js';

/** One number, or none before the first. */
type Extreme = { readonly value: readonly number[] };

/** Sum over every element of the outputs, of any shape; labels are not read (torchmetrics `SumMetric`). The mean is `Loss`. */
export const Sum = metricClass({ className: 'Sum', define: () => ({ ...meanOfOutputs(), compute: ({ sum, count }: Tally) => (count === 0 ? Number.NaN : nearest(sum)) }) });

/** Largest element of the outputs; labels are not read (torchmetrics `MaxMetric`). */
export const Maximum = metricClass({ className: 'Maximum', names: ['max'], define: () => extreme(Math.max) });

/** Smallest element of the outputs; labels are not read (torchmetrics `MinMetric`). */
export const Minimum = metricClass({ className: 'Minimum', names: ['min'], define: () => extreme(Math.min) });

function extreme(choose: (a: number, b: number) => number): MetricDefinition<Extreme> {
  const of = (values: readonly number[]): Extreme => ({ value: values.length === 0 ? [] : [values.reduce((a, b) => choose(a, b))] });
  return {
    initial: () => of([]),
    merge: (a, b) => of([...a.value, ...b.value]),
    measure: ({ preds }) => of(preds.flatMap(({ data }) => Array.from(data))),
    compute: ({ value: [value = Number.NaN] }) => value,
  };
}
