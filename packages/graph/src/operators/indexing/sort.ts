import { arange, equal, formatShape, less, logicalAnd, logicalOr, reshape, stopGradient, sum, transpose, where, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, int, optional } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

const axis = optional(int('The axis; None for the flattened array.'));
const dtype = choice('Element type of positions.', ['float32'], { fallback: 'float32' });

// Ranks come from comparing every pair along the axis: n² numbers for n elements, meant for scores and the like.

/** The elements along an axis in order. */
export const sortOperator = defineOperator({
  name: 'sort',
  parameters: {
    axis: lastAxis(),
    is_ascend: bool('From the smallest to the largest.', { fallback: true }),
  },
  inputs: () => ['data'],
  outputs: () => ['output0'],
  hiddenOutputs: () => 1,
  record: ({ inputs: [data], parameters: { axis: given, is_ascend } }) => {
    const line = lineUp(data!, given);
    return [line.back(ordered(line.rows, is_ascend, line.rows.shape[1]!).values)];
  },
});

/** Where the elements along an axis would come from in order. */
export const argsortOperator = defineOperator({
  name: 'argsort',
  parameters: {
    axis: lastAxis(),
    is_ascend: bool('From the smallest to the largest.', { fallback: true }),
    dtype,
  },
  inputs: () => ['data'],
  gradient: () => [null],
  usesHeadGradient: () => false,
  record: ({ inputs: [data], parameters: { axis: given, is_ascend } }) => {
    const line = lineUp(data!, given);
    return [line.back(ordered(line.rows, is_ascend, line.rows.shape[1]!).positions)];
  },
});

/** The k largest elements along an axis: their positions, values, both, or a mask of them. Equal ones stand in their own order. */
export const topkOperator = defineOperator({
  name: 'topk',
  parameters: {
    axis: lastAxis(),
    k: int('How many; all when less than 1.', { fallback: 1 }),
    ret_typ: choice('What to give out.', ['value', 'indices', 'mask', 'both'], { fallback: 'indices' }),
    is_ascend: bool('The smallest instead.', { fallback: false }),
    dtype,
  },
  inputs: () => ['data'],
  outputs: ({ ret_typ }) => ({ value: ['output0'], both: ['output0', 'output1'], indices: ['output'], mask: ['output'] })[ret_typ],
  hiddenOutputs: ({ ret_typ }) => (ret_typ === 'value' ? 1 : 0),
  record: ({ inputs: [data], parameters: { axis: given, k, ret_typ, is_ascend } }) => {
    const line = lineUp(data!, given);
    const length = line.rows.shape[1]!;
    const count = k < 1 ? length : k;
    if (count > length) throw new RangeError(`k ${k} is more than the ${length} elements along the axis of data ${formatShape(data!.shape)}; use a smaller k`);
    if (ret_typ === 'mask') return [line.back(less(ranks(line.rows, is_ascend), count).cast('float32'))];
    const { values, positions } = ordered(line.rows, is_ascend, count);
    return { value: [values], indices: [positions], both: [values, positions] }[ret_typ].map(line.back);
  },
});

function lastAxis() {
  return { ...axis, fallback: -1 };
}

/** The array as rows of what lies along the axis, and the way back for rows of any length. */
function lineUp(data: NDArray, given: number | null): { readonly rows: NDArray; readonly back: (rows: NDArray) => NDArray } {
  if (given === null) return { rows: reshape(data, [1, data.size]), back: (rows) => reshape(rows, [rows.size]) };
  const { shape } = data;
  const along = axisIn(given, shape);
  const others = shape.flatMap((_, one) => (one === along ? [] : [one]));
  const last = transpose(data, [...others, along]);
  const outer = last.shape.slice(0, -1);
  const order = shape.map((_, one) => (one === along ? shape.length - 1 : others.indexOf(one)));
  return {
    rows: reshape(last, [data.size / shape[along]!, shape[along]!]),
    back: (rows) => transpose(reshape(rows, [...outer, rows.shape[1]!]), order),
  };
}

/** How many elements of its row stand before each one, as float32. */
function ranks(rows: NDArray, isAscending: boolean): NDArray {
  const [count, length] = rows.shape as [number, number];
  const x = stopGradient(rows);
  const own = reshape(x, [count, length, 1]);
  const other = reshape(x, [count, 1, length]);
  const isEarlier = less(reshape(arange(length), [1, 1, length]), reshape(arange(length), [1, length, 1]));
  const before = logicalOr(isAscending ? less(other, own) : less(own, other), logicalAnd(equal(own, other), isEarlier));
  return sum(before.cast('float32'), { axes: 2 });
}

/** The first `count` of each row in order, and where they stood. */
function ordered(rows: NDArray, isAscending: boolean, count: number): { readonly values: NDArray; readonly positions: NDArray } {
  const [rowCount, length] = rows.shape as [number, number];
  const places = reshape(arange(count).cast('float32'), [1, count, 1]);
  const isHere = equal(reshape(ranks(rows, isAscending), [rowCount, 1, length]), places);
  const positions = reshape(arange(length).cast('float32'), [1, 1, length]);
  return {
    values: sum(where(isHere, reshape(rows, [rowCount, 1, length]), 0), { axes: 2 }),
    positions: sum(where(isHere, positions, 0), { axes: 2 }),
  };
}
