import { formatShape, reshape, slice } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, int } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** Cuts an axis into equal parts, one an output. */
export const sliceChannelOperator = defineOperator({
  name: 'SliceChannel',
  aliases: ['split'],
  parameters: {
    num_outputs: int('How many parts.', { minimum: 1, maximum: 65_536 }),
    axis: int('The axis.', { fallback: 1 }),
    squeeze_axis: bool('Drop the axis, whose parts then must have length 1.', { fallback: false }),
  },
  inputs: () => ['data'],
  outputs: ({ num_outputs }) => (num_outputs === 1 ? ['output'] : Array.from({ length: num_outputs }, (_, part) => `output${part}`)),
  record: ({ inputs: [data], parameters: { num_outputs, axis: given, squeeze_axis } }) => {
    const { shape } = data!;
    const axis = axisIn(given, shape);
    const length = shape[axis]! / num_outputs;
    if (!Number.isInteger(length) || (squeeze_axis && length !== 1)) {
      throw new RangeError(`axis ${axis} of data ${formatShape(shape)} has length ${shape[axis]}; it must be ${squeeze_axis ? `num_outputs, ${num_outputs}, with squeeze_axis` : `a multiple of num_outputs, ${num_outputs}`}`);
    }
    return Array.from({ length: num_outputs }, (_, part) => {
      const begin = shape.map((__, position) => (position === axis ? part * length : 0));
      const end = shape.map((dimension, position) => (position === axis ? (part + 1) * length : dimension));
      const piece = slice(data!, begin, end);
      return squeeze_axis ? reshape(piece, shape.filter((__, position) => position !== axis)) : piece;
    });
  },
});
