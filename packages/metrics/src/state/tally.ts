import type { Pair } from '../metric-update.js';
import { addSums, nearest, sumOver, type ExactSum } from './exact-sum.js';
import { mergeFields, plus } from './merge-fields.js';
import { pairwise } from './pairwise.js';

/** A sum, held exactly, and what it is divided by: the value is NaN for a count of 0. */
export type Tally = { readonly sum: ExactSum; readonly count: number };

/** The part of a definition that every metric of the form sum / count shares. */
export const tally = {
  initial: (): Tally => ({ sum: [], count: 0 }),
  merge: mergeFields<Tally>({ sum: addSums, count: plus }),
  compute: ({ sum, count }: Tally): number => (count === 0 ? Number.NaN : nearest(sum) / count),
};

/**
 * A definition that tallies each pair of label and prediction by itself, and adds up; a sum may be given as one number.
 *
 * @throws RangeError, when it measures, for lists of unequal length.
 */
export function tallyPairs(measurePair: (pair: Pair) => { readonly sum: ExactSum | number; readonly count: number }) {
  return {
    ...tally,
    ...pairwise(tally.initial, tally.merge, pair => {
      const { sum, count } = measurePair(pair);
      return { sum: [sum].flat(), count };
    }),
  };
}

/** The tally of as many terms: `term(0)` and so on. */
export function tallyOf(count: number, term: (index: number) => number): Tally {
  return { sum: sumOver(count, term), count };
}
