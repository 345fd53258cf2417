import { clip as clipValues } from '@lossworks/ndarray';
import { type GradientTransform, stateless } from '../gradient-transform.js';

/**
 * Limits every element to ±`limit`; null leaves all as they are, 0 clips all to 0 (MXNet `clip`).
 *
 * @throws RangeError for a negative limit.
 */
export function clip(limit: number | null): GradientTransform {
  checkLimit(limit);
  return stateless('clip', ({ gradient }) => (limit === null ? gradient : clipValues(gradient, -limit, limit)), { repeats: true });
}

/**
 * As `clip`, but 0 is off too: MXNet's convention where a kernel does the clipping.
 *
 * @throws RangeError for a negative limit.
 */
export function clipUnlessZero(limit: number | null): GradientTransform {
  return clip(limit || null);
}

function checkLimit(limit: number | null): void {
  if (limit !== null && !(limit >= 0)) throw new RangeError(`clip: limit is ${limit}; give a number of at least 0, or null for no clipping`);
}
