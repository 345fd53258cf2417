import { NDArray } from '../ndarray.js';
import { concat as concatValues, pad as padValue, reverse as reverseValue, slice as sliceValue } from '../recording/steps.js';
import { formatShape, normalizeAxis, type Shape } from '../shape.js';

/**
 * The same elements, in row-major order, in another shape; one length may be −1 and is worked out (MXNet `Reshape`, of whose codes this is the only one).
 *
 * @throws RangeError where the number of elements differs.
 */
export function reshape(x: NDArray, shape: Shape): NDArray {
  return x.reshape(shape);
}

/**
 * Axes in the order of `permutation`, reversed unless given: axis i of the result is axis `permutation[i]` of x (MXNet `transpose`).
 *
 * @throws RangeError for anything that is no permutation of the axes.
 */
export function transpose(x: NDArray, permutation?: readonly number[]): NDArray {
  return x.transpose(permutation);
}

/**
 * Axes of length 1, and missing ones in front, repeated up to a shape (MXNet `broadcast_to`); the gradient is summed over them.
 *
 * @throws RangeError where another length would have to change.
 */
export function broadcastTo(x: NDArray, shape: Shape): NDArray {
  return x.broadcastTo(shape);
}

/**
 * A new axis of length 1 before the given one; −1 puts it last (MXNet `expand_dims`).
 *
 * @throws RangeError for an axis outside −rank − 1 … rank.
 */
export function expandDims(x: NDArray, axis: number): NDArray {
  const at = normalizeAxis(axis, x.shape.length + 1, 'expandDims');
  return x.reshape([...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * Part of an array: along each axis the elements from `begin` up to, not including, `end`, every `step`-th one: ⌈(end − begin) / step⌉ of them. Negative
 * bounds count from the end; axes that the lists leave out stay whole (MXNet `slice`).
 *
 * @throws RangeError for bounds outside the array and steps below 1.
 */
export function slice(x: NDArray, begin: readonly number[], end: readonly number[], steps: readonly number[] = []): NDArray {
  const rank = x.shape.length;
  if (begin.length > rank || end.length > rank) throw new RangeError(`slice: ${formatShape(x.shape)} has ${rank} axes, the bounds name ${Math.max(begin.length, end.length)}`);
  const bound = (given: number | undefined, fallback: number, axis: number): number => (given === undefined ? fallback : given < 0 ? given + x.shape[axis]! : given);
  const allSteps = x.shape.map((_, axis) => steps[axis] ?? 1);
  if (allSteps.some((step) => !Number.isInteger(step) || step < 1)) throw new RangeError(`slice: steps [${steps.join(',')}] must be whole numbers of at least 1; use reverse for backward ones`);
  return new NDArray(sliceValue(x.value, x.shape.map((_, axis) => bound(begin[axis], 0, axis)), x.shape.map((dimension, axis) => bound(end[axis], dimension, axis)), allSteps));
}

/**
 * Adds elements of one value, 0 unless given, around an array: `before[i]` and `after[i]` of them along axis i (MXNet `Pad` with `mode` constant, for any
 * axis).
 *
 * @throws RangeError unless there is a count for each axis.
 */
export function pad(x: NDArray, before: readonly number[], after: readonly number[], value = 0): NDArray {
  if (before.length !== x.shape.length || after.length !== x.shape.length) throw new RangeError(`pad: ${formatShape(x.shape)} needs ${x.shape.length} counts before and after, not ${before.length} and ${after.length}`);
  return new NDArray(padValue(x.value, before, after, value));
}

/**
 * Arrays one behind the other along an axis, the first unless given; shapes agree in all other axes (MXNet `Concat`, whose `dim` is 1).
 *
 * @throws RangeError without arrays, for an axis they do not have, and where other axes or element types differ.
 */
export function concat(arrays: readonly NDArray[], axis = 0): NDArray {
  const [first] = arrays;
  if (!first) throw new RangeError('concat: needs at least one array');
  return new NDArray(concatValues(arrays.map(({ value }) => value), normalizeAxis(axis, first.shape.length, 'concat')));
}

/**
 * The elements in the opposite order along the axes, in x's shape (MXNet `reverse`).
 *
 * @throws RangeError for an axis that x does not have.
 */
export function reverse(x: NDArray, axes: readonly number[]): NDArray {
  return new NDArray(reverseValue(x.value, axes.map((axis) => normalizeAxis(axis, x.shape.length, 'reverse'))));
}
