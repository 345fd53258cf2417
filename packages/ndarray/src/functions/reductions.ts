import { NDArray } from '../ndarray.js';
import { reduction, type ReductionName, type ReductionOptions } from '../recording/broadcast.js';
import { record } from '../recording/record.js';
import { normalizeAxis } from '../shape.js';
import { exp, log, stopGradient, sub } from './elementwise.js';

const reductionOf = (name: ReductionName) => (x: NDArray, options?: ReductionOptions): NDArray => new NDArray(reduction(name, x.value, options));

/**
 * Sum over all axes, which leaves shape `[]`, or over `axes`; they disappear unless `keepDims` (MXNet `sum`, which leaves shape `(1,)`).
 *
 * @throws RangeError for an axis that x does not have, and for bool and uint8. So do all reductions.
 */
export const sum = reductionOf('sum');
/** Mean over all axes, or over `axes`; shape and errors as `sum`, and a RangeError where there is nothing to average (MXNet `mean`). */
export const mean = reductionOf('mean');
/** The largest element over all axes, or over `axes`; shape and errors as `mean`. The gradient goes to every tied element, undivided (MXNet `max`). */
export const max = reductionOf('max');
/** The smallest element over all axes, or over `axes`; shape and errors as `mean`. The gradient goes to every tied element, undivided (MXNet `min`). */
export const min = reductionOf('min');
/** Product over all axes, or over `axes`, float32; shape and errors as `sum`. The gradient is product / x, NaN at zeros (MXNet `prod`). */
export const prod = reductionOf('prod');

/**
 * Index of the first maximum along an axis, the last unless given, as int32; the axis disappears. No gradient (MXNet `argmax`, which gives floats).
 *
 * @throws RangeError for an axis that x does not have.
 */
export function argMax(x: NDArray, axis = -1): NDArray {
  return new NDArray(record('argMax', { axis: normalizeAxis(axis, x.shape.length, 'argMax') }, [x.value]));
}

/**
 * Positions of the `count` largest (or smallest) elements along an axis, the last unless given, as int32, the most extreme first, equal ones in their own
 * order. Shape: x's with `count` at the axis. No gradient (MXNet `topk`).
 *
 * @throws RangeError for an axis that x does not have, and a count outside 1 … its length.
 */
export function topK(x: NDArray, count: number, { axis = -1, largest = true }: { readonly axis?: number; readonly largest?: boolean } = {}): NDArray {
  return new NDArray(record('topK', { axis: normalizeAxis(axis, x.shape.length, 'topK'), count, largest }, [x.value]));
}

/** log Σ eˣ along an axis, the last unless given, which stays with length 1; finite for any finite x, float32. */
export function logSumExp(x: NDArray, axis = -1): NDArray {
  const largest = stopGradient(max(x, { axes: axis, keepDims: true }));
  return log(sum(exp(sub(x, largest)), { axes: axis, keepDims: true })).add(largest);
}

/** eˣ / Σ eˣ along an axis, the last unless given, in x's shape, float32; the maximum is taken off first (MXNet `softmax`). */
export function softmax(x: NDArray, axis = -1): NDArray {
  const powers = exp(sub(x, stopGradient(max(x, { axes: axis, keepDims: true }))));
  return powers.div(sum(powers, { axes: axis, keepDims: true }));
}

/** log(softmax(x)) along an axis, the last unless given, in x's shape, float32, without the loss of precision (MXNet `log_softmax`). */
export function logSoftmax(x: NDArray, axis = -1): NDArray {
  return sub(x, logSumExp(x, axis));
}
