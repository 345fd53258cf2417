import { pairsOf, type MetricUpdate, type Pair } from '../metric-update.js';

/** A sum and what it is divided by: the value is NaN for a count of 0. */
export type Tally = { readonly sum: number; readonly count: number };

/** The part of a definition that every metric of the form sum / count shares. */
export const tally = {
  initial: (): Tally => ({ sum: 0, count: 0 }),
  merge: (a: Tally, b: Tally): Tally => ({ sum: a.sum + b.sum, count: a.count + b.count }),
  compute: ({ sum, count }: Tally): number => (count === 0 ? Number.NaN : sum / count),
};

/**
 * A definition that tallies each pair of label and prediction by itself, and adds up.
 *
 * @throws RangeError, when it measures, for lists of unequal length.
 */
export function tallyPairs(measurePair: (pair: Pair) => Tally) {
  return { ...tally, measure: (update: MetricUpdate): Tally => pairsOf(update).map(measurePair).reduce(tally.merge, tally.initial()) };
}
