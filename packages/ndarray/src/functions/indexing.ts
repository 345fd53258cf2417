import { NDArray } from '../ndarray.js';
import { record } from '../recording/record.js';
import { broadcastTo, cast, gather as gatherValues, reshape, scatterAdd as scatterAddValues } from '../recording/steps.js';
import { normalizeAxis } from '../shape.js';
import { equal } from './elementwise.js';

/** 0, 1, … length − 1 as int32. */
export function arange(length: number): NDArray {
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`arange: length ${length} must be a whole number of at least 0`);
  return new NDArray(record('iota', { length }, []));
}

/**
 * Slices of `data` along an axis, chosen by indices of any shape (their fraction is dropped). Shape: data's before the axis, the indices', data's
 * after it. Indices must lie within the axis: what an engine does with others is not defined.
 */
export function gather(data: NDArray, indices: NDArray, axis = 0): NDArray {
  return new NDArray(gatherValues(data.value, cast(indices.value, 'int32'), normalizeAxis(axis, data.shape.length, 'gather')));
}

/** `data` with the updates added to its slices along an axis; updates of equal indices add up. */
export function scatterAdd(data: NDArray, indices: NDArray, updates: NDArray, axis = 0): NDArray {
  return new NDArray(scatterAddValues(data.value, cast(indices.value, 'int32'), updates.value, normalizeAxis(axis, data.shape.length, 'scatterAdd')));
}

/** 1 where the last axis's position is the index, else 0; an index outside 0 … depth − 1 gives zeros. Shape: the indices' and depth. */
export function oneHot(indices: NDArray, depth: number): NDArray {
  return equalsClass(indices, depth).cast('float32');
}

/** Whether the last axis's position is the index, as bool. */
export function equalsClass(indices: NDArray, depth: number): NDArray {
  const column = reshape(cast(indices.value, 'int32'), [...indices.shape, 1]);
  const classes = broadcastTo(record('iota', { length: depth }, []), [...indices.shape, depth]);
  return equal(new NDArray(column), new NDArray(classes));
}
