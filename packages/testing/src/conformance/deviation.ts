import { difference, singlePrecision, type Tolerance } from '../compare.js';

/** A number as the recordings write it: non-finite ones are words. */
export type RecordedNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: readonly RecordedNumber[];
}

/** What differs, with the largest deviation, or undefined where all numbers agree. */
export function deviation(where: string, actual: ArrayLike<number>, expected: readonly RecordedNumber[], tolerance: Tolerance = singlePrecision): string | undefined {
  return difference(where, actual, expected.map(Number), tolerance);
}
