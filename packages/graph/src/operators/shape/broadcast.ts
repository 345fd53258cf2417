import { broadcastTo, formatShape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { tuple } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** Repeats axes of length 1 up to a shape; 0 keeps a length. */
export const broadcastToOperator = defineOperator({
  name: 'broadcast_to',
  parameters: { shape: tuple('The new shape.', { minimum: 0 }) },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { shape } }) => {
    if (shape.length !== data!.shape.length) throw new RangeError(`shape ${formatShape(shape)} needs as many axes as data ${formatShape(data!.shape)}; reshape data`);
    return [broadcastTo(data!, shape.map((length, axis) => length || data!.shape[axis]!))];
  },
});

/** Repeats the named axes, which have length 1. */
export const broadcastAxisOperator = defineOperator({
  name: 'broadcast_axis',
  aliases: ['broadcast_axes'],
  parameters: {
    axis: tuple('The axes.', { fallback: [] }),
    size: tuple('Their new lengths.', { fallback: [], minimum: 1 }),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { axis, size } }) => {
    const { shape } = data!;
    if (axis.length !== size.length) throw new RangeError(`axis ${formatShape(axis)} and size ${formatShape(size)} must be equally long`);
    const axes = axis.map((one) => axisIn(one, shape));
    return [broadcastTo(data!, shape.map((length, one) => (axes.includes(one) ? size[axes.indexOf(one)]! : length)))];
  },
});

/** Repeats axes of length 1 until the shape of a second input is reached. */
export const broadcastLikeOperator = defineOperator({
  name: 'broadcast_like',
  parameters: {},
  inputs: () => ['lhs', 'rhs'],
  record: ({ inputs: [lhs, rhs] }) => [broadcastTo(lhs!, rhs!.shape)],
});
