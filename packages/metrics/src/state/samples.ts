import type { MetricDefinition } from '../metric-definition.js';
import { pairsOf, type Pair } from '../metric-update.js';

/** Everything seen, for metrics that no sums determine: labels, one a sample, and `width` values a sample, row-major. */
export type Samples = { readonly width: number; readonly labels: readonly number[]; readonly values: readonly number[] };

const nothing: Samples = { width: 0, labels: [], values: [] };

/**
 * The state of a metric that keeps every sample. `kind` says how pairs are read: metrics that read alike share one state in a composite.
 *
 * @throws RangeError, when states merge, for another width than before.
 */
export function samplesState(kind: string, read: (pair: Pair) => Samples): Omit<MetricDefinition<Samples>, 'compute'> & { readonly kind: string } {
  return {
    kind,
    initial: () => nothing,
    measure: update => pairsOf(update).map(read).reduce(join, nothing),
    merge: join,
  };
}

function join(a: Samples, b: Samples): Samples {
  if (a === nothing || (a.labels.length === 0 && a.values.length === 0)) return b;
  if (b === nothing || (b.labels.length === 0 && b.values.length === 0)) return a;
  if (a.width !== b.width) throw new RangeError(`${b.width} values a sample after ${a.width}; give every batch predictions of the same width`);
  return { width: a.width, labels: a.labels.concat(b.labels), values: a.values.concat(b.values) };
}
