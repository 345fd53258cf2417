import { metricClass } from '../metric-class.js';
import type { MetricDefinition } from '../metric-definition.js';

/** A sum with the number of terms, so that nothing seen is told from a sum of 0. */
type Aggregate = { readonly value: number; readonly count: number };

/** Sum over every element of the outputs, of any shape; labels are not read (torchmetrics `SumMetric`). The mean is `Loss`. */
export const Sum = metricClass({ className: 'Sum', names: ['sum'], displayName: 'sum', parameters: {}, define: () => fold((a, b) => a + b) });

/** Largest element of the outputs; labels are not read (torchmetrics `MaxMetric`). */
export const Maximum = metricClass({ className: 'Maximum', names: ['max', 'maximum'], displayName: 'maximum', parameters: {}, define: () => fold(Math.max) });

/** Smallest element of the outputs; labels are not read (torchmetrics `MinMetric`). */
export const Minimum = metricClass({ className: 'Minimum', names: ['min', 'minimum'], displayName: 'minimum', parameters: {}, define: () => fold(Math.min) });

function fold(combine: (a: number, b: number) => number): MetricDefinition<Aggregate> {
  const merge = (a: Aggregate, b: Aggregate): Aggregate =>
    a.count === 0 ? b : b.count === 0 ? a : { value: combine(a.value, b.value), count: a.count + b.count };
  const initial = (): Aggregate => ({ value: 0, count: 0 });
  return {
    initial,
    merge,
    measure: ({ preds }) => preds.flatMap(({ data }) => Array.from(data, value => ({ value, count: 1 }))).reduce(merge, initial()),
    compute: ({ value, count }) => (count === 0 ? Number.NaN : value),
  };
}
