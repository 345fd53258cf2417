import { arange, clip, floor, formatShape, gather, reshape, stopGradient, truncate, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, int } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

/** How an index outside the axis is understood. Fractions are dropped. */
const modes = {
  clip: (indices: NDArray, length: number) => clip(indices, 0, length - 1),
  // i − n·⌊i/n⌋
  wrap: (indices: NDArray, length: number) => {
    const whole = truncate(indices);
    return whole.sub(floor(whole.div(length)).mul(length));
  },
};

/** Slices of `a` along an axis, chosen by indices of any shape. */
export const takeOperator = defineOperator({
  name: 'take',
  parameters: {
    axis: int('The axis of a.', { fallback: 0 }),
    mode: choice('What an index outside means; with raise it is an error where indices that are fed in are checked, else clipped.', ['clip', 'wrap', 'raise'], { fallback: 'clip' }),
  },
  inputs: () => ['a', 'indices'],
  inputChecks: ({ axis, mode }, [a]) => (mode === 'raise' ? [{ input: 1, holds: 'classes', classes: a![axisIn(axis, a!)]! }] : []),
  record: ({ inputs: [a, indices], parameters: { axis: given, mode } }) => {
    const axis = axisIn(given, a!.shape);
    return [gather(a!, stopGradient(modes[mode === 'raise' ? 'clip' : mode](indices!, a!.shape[axis]!)), axis)];
  },
});

/** Rows of a weight (input_dim, output_dim), chosen by indices of any shape; indices outside are clipped. */
export const embeddingOperator = defineOperator({
  name: 'Embedding',
  parameters: {
    input_dim: int('Number of rows.', { minimum: 1 }),
    output_dim: int('Length of a row.', { minimum: 1 }),
    dtype: choice('Element type of the weight.', ['float32'], { fallback: 'float32' }),
    sparse_grad: bool('Accepted, without effect.', { fallback: false }),
  },
  inputs: () => ['data', 'weight'],
  withoutGradient: ['data'],
  completeShapes: ({ inputs: [data], auxiliaryStates, outputs: [output] }, { input_dim, output_dim }) => {
    const indices = data ?? output?.slice(0, -1);
    return { inputs: [indices, [input_dim, output_dim]], auxiliaryStates, outputs: [indices && [...indices, output_dim]] };
  },
  record: ({ inputs: [data, weight], parameters: { input_dim } }) => [gather(weight!, stopGradient(modes.clip(data!, input_dim)), 0)],
});

/** One element of each row: `a` (N, K), indices (N). */
export const batchTakeOperator = defineOperator({
  name: 'batch_take',
  parameters: {},
  inputs: () => ['a', 'indices'],
  record: ({ inputs: [a, indices] }) => {
    const { shape } = a!;
    if (shape.length !== 2 || indices!.size !== shape[0]) {
      throw new RangeError(`a ${formatShape(shape)} and indices ${formatShape(indices!.shape)} do not fit; a needs rows and columns, indices one number a row`);
    }
    return [pickAlong(a!, reshape(indices!, [shape[0]!]), 1, 'clip')];
  },
});

/** One element along an axis for every position of the others; the axis is gone. */
export function pickAlong(data: NDArray, index: NDArray, axis: number, mode: keyof typeof modes): NDArray {
  const { shape } = data;
  const length = shape[axis]!;
  const last = data.transpose([...shape.flatMap((_, one) => (one === axis ? [] : [one])), axis]);
  const others = last.shape.slice(0, -1);
  const rows = index.size;
  // Row r of the flattened others starts at r·length.
  const positions = modes[mode](reshape(index, [rows]), length);
  const flat = truncate(stopGradient(positions)).cast('int32').add(rowStarts(rows, length));
  return reshape(gather(reshape(last, [rows * length]), flat, 0), others);
}

function rowStarts(rows: number, length: number): NDArray {
  return arange(rows).mul(length);
}
