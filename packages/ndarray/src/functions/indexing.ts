import { NDArray } from '../ndarray.js';
import { record } from '../recording/record.js';
import { broadcastTo, cast, gather as gatherValues, reshape, scatterAdd as scatterAddValues } from '../recording/steps.js';
import { normalizeAxis } from '../shape.js';
import { equal } from './elementwise.js';

/**
 * 0, 1, … length − 1 as int32, shape `[length]` (MXNet `arange`).
 *
 * @throws RangeError unless length is a whole number of at least 0.
 */
export function arange(length: number): NDArray {
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`arange: length ${length} must be a whole number of at least 0`);
  return new NDArray(record('iota', { length }, []));
}

/**
 * Slices of `data` along an axis, the first unless given, chosen by indices of any shape and type (their fraction is dropped). Shape: data's before the axis,
 * the indices', data's after it (MXNet `take`). Indices must lie within the axis: what an engine does with others is not defined.
 *
 * @throws RangeError for an axis that data does not have.
 */
export function gather(data: NDArray, indices: NDArray, axis = 0): NDArray {
  return new NDArray(gatherValues(data.value, cast(indices.value, 'int32'), normalizeAxis(axis, data.shape.length, 'gather')));
}

/**
 * `data` (float32) with the updates added to its slices along an axis, the first unless given, in data's shape; updates of equal indices add up: the gradient
 * of `gather`.
 *
 * @throws RangeError for an axis that data does not have, other types, and updates of another shape than `gather(data, indices, axis)` has.
 */
export function scatterAdd(data: NDArray, indices: NDArray, updates: NDArray, axis = 0): NDArray {
  return new NDArray(scatterAddValues(data.value, cast(indices.value, 'int32'), updates.value, normalizeAxis(axis, data.shape.length, 'scatterAdd')));
}

/**
 * 1 where the last axis's position is the index, else 0, as float32; an index outside 0 … depth − 1 gives zeros, a fraction is dropped. Shape: the indices',
 * then depth (MXNet `one_hot`). No gradient.
 */
export function oneHot(indices: NDArray, depth: number): NDArray {
  return equalsClass(indices, depth).cast('float32');
}

/** `oneHot` as `bool`: whether the last axis's position is the index. Shape: the indices', then depth. */
export function equalsClass(indices: NDArray, depth: number): NDArray {
  const column = reshape(cast(indices.value, 'int32'), [...indices.shape, 1]);
  const classes = broadcastTo(record('iota', { length: depth }, []), [...indices.shape, depth]);
  return equal(new NDArray(column), new NDArray(classes));
}
