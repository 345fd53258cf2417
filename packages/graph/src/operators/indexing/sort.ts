import { arange, constant, formatShape, gather, reshape, scatterAdd, topK, transpose, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, int, optional } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

const axis = optional(int('The axis; None for the flattened array.'));
const dtype = choice('Element type of positions.', ['float32'], { fallback: 'float32' });

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
    const { values, positions, mask } = ordered(line.rows, is_ascend, count);
    return { value: [values], indices: [positions], both: [values, positions], mask: [mask] }[ret_typ].map(line.back);
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

interface Ordered {
  /** The chosen elements of each row, in order. */
  readonly values: NDArray;
  /** Where they stood in the row, as float32. */
  readonly positions: NDArray;
  /** 1 where an element was chosen, else 0, in the shape of the rows. */
  readonly mask: NDArray;
}

/** The first `count` of each row in order; equal ones in their own. */
function ordered(rows: NDArray, isAscending: boolean, count: number): Ordered {
  const [rowCount, length] = rows.shape as [number, number];
  const positions = topK(rows, count, { axis: 1, largest: !isAscending });
  // Row r of the flattened rows starts at r·length.
  const flat = reshape(positions.add(reshape(arange(rowCount).mul(length), [rowCount, 1])), [rowCount * count]);
  return {
    values: reshape(gather(reshape(rows, [rowCount * length]), flat), [rowCount, count]),
    positions: positions.cast('float32'),
    mask: reshape(scatterAdd(constant(0, [rowCount * length]), flat, constant(1, [rowCount * count])), [rowCount, length]),
  };
}
