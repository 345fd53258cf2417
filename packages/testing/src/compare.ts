/** How far two numbers may be apart: absolute + relative · |expected|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Two float32 computations of one thing. */
export const singlePrecision: Tolerance = { relative: 1e-5, absolute: 1e-6 };

/** Two float64 computations of one thing. */
export const doublePrecision: Tolerance = { relative: 1e-12, absolute: 1e-15 };

/** The element that is furthest away, counted in tolerances. */
export interface Deviation {
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
  /** Above 1 is a failure; infinite where one side is no finite number and the other is not the same. */
  readonly excess: number;
}

/** The largest deviation; undefined where nothing differs at all. Lengths must be equal. NaN equals NaN. */
export function largestDeviation(actual: ArrayLike<number>, expected: ArrayLike<number>, { relative, absolute }: Tolerance = singlePrecision): Deviation | undefined {
  let worst: Deviation | undefined;
  for (let index = 0; index < expected.length; index++) {
    const [found, wanted] = [actual[index]!, expected[index]!];
    if (found === wanted || Object.is(found, wanted)) continue;
    const distance = Math.abs(found - wanted) / (absolute + relative * Math.abs(wanted));
    const excess = Number.isFinite(found) && Number.isFinite(wanted) ? distance : Number.POSITIVE_INFINITY;
    if (!worst || excess > worst.excess) worst = { index, actual: found, expected: wanted, excess };
  }
  return worst;
}

/** A sentence about the largest deviation and where it is, or undefined where all numbers agree within the tolerance. */
export function difference(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = singlePrecision): string | undefined {
  if (actual.length !== expected.length) return `${what}: ${actual.length} numbers instead of ${expected.length}`;
  const worst = largestDeviation(actual, expected, tolerance);
  if (!worst || worst.excess <= 1) return undefined;
  return `${what}[${worst.index}]: ${worst.actual} instead of ${worst.expected} (${worst.excess.toPrecision(3)} times the tolerance)`;
}
