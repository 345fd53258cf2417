import { formatShape, reshape, transpose, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { int, tuple } from '../parameters/index.js';
import { axisIn, axisOf } from './axis.js';

/** Axes in another order; turned round unless told. */
export const transposeOperator = defineOperator({
  name: 'transpose',
  parameters: { axes: tuple('The source axis of each axis.', { fallback: [] }) },
  inputs: () => ['data'],
  completeShapes: ({ inputs: [data], auxiliaryStates, outputs: [output] }, { axes }) => {
    const rank = (data ?? output)?.length;
    if (rank === undefined) return { inputs: [data], auxiliaryStates, outputs: [output] };
    const order = permutation(axes, data ?? output!);
    return {
      inputs: [data ?? order.map((_, axis) => output![order.indexOf(axis)]!)],
      auxiliaryStates,
      outputs: [data ? order.map((axis) => data[axis]!) : output],
    };
  },
  record: ({ inputs: [data], parameters: { axes } }) => [transpose(data!, permutation(axes, data!.shape))],
});

function permutation(axes: readonly number[], shape: Shape): readonly number[] {
  if (axes.length === 0) return shape.map((_, axis) => shape.length - 1 - axis);
  const order = axes.map((axis) => axisIn(axis, shape, 'axes'));
  if (order.length !== shape.length || new Set(order).size !== order.length) {
    throw new RangeError(`axes ${formatShape(axes)} must name each axis of data ${formatShape(shape)} once`);
  }
  return order;
}

/** Two axes change places. */
export const swapAxisOperator = defineOperator({
  name: 'SwapAxis',
  aliases: ['swapaxes'],
  parameters: {
    dim1: int('One axis.', { fallback: 0 }),
    dim2: int('The other one.', { fallback: 0 }),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { dim1, dim2 } }) => {
    const one = axisIn(dim1, data!.shape, 'dim1');
    const other = axisIn(dim2, data!.shape, 'dim2');
    return [transpose(data!, data!.shape.map((_, axis) => (axis === one ? other : axis === other ? one : axis)))];
  },
});

/** A new axis of length 1. */
export const expandDimsOperator = defineOperator({
  name: 'expand_dims',
  parameters: { axis: int('Where the new axis goes; -1 is behind the last one.') },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { axis } }) => {
    const { shape } = data!;
    const at = axisOf(axis, shape.length + 1);
    return [reshape(data!, [...shape.slice(0, at), 1, ...shape.slice(at)])];
  },
});

/** Drops axes of length 1: those named, or all. */
export const squeezeOperator = defineOperator({
  name: 'squeeze',
  parameters: { axis: tuple('The axes to drop; all of length 1 unless given.', { fallback: [] }) },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { axis } }) => {
    const { shape } = data!;
    const dropped = axis.length > 0 ? axis.map((one) => axisIn(one, shape)) : shape.flatMap((length, one) => (length === 1 ? [one] : []));
    const long = dropped.find((one) => shape[one] !== 1);
    if (long !== undefined) throw new RangeError(`axis ${long} of data ${formatShape(shape)} has length ${shape[long]}; only axes of length 1 can be dropped`);
    const kept = shape.filter((_, one) => !dropped.includes(one));
    return [reshape(data!, kept.length > 0 ? kept : [1])];
  },
});
