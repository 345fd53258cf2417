import type { MetricDefinition } from '../metric-definition.js';
import type { Pair } from '../metric-update.js';
import { pairwise } from './pairwise.js';

/** Everything seen, for metrics that no sums determine: labels, one a sample, and `width` values a sample, row-major. */
export type Samples = { readonly width: number; readonly labels: readonly number[]; readonly values: readonly number[] };

/**
 * The state of a metric that keeps every sample. `kind` says how pairs are read: metrics that read alike share one state in a composite.
 *
 * @throws RangeError, when states merge, for another width than before.
 */
export function samplesState(kind: string, read: (pair: Pair) => Samples): Omit<MetricDefinition<Samples>, 'compute'> & { readonly kind: string } {
  return { kind, ...pairwise((): Samples => ({ width: 0, labels: [], values: [] }), join, read) };
}

function join(a: Samples, b: Samples): Samples {
  const isEmpty = ({ labels, values }: Samples): boolean => labels.length + values.length === 0;
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  if (a.width !== b.width) throw new RangeError(`${b.width} values a sample after ${a.width}; give every batch predictions of the same width`);
  return { width: a.width, labels: a.labels.concat(b.labels), values: a.values.concat(b.values) };
}
