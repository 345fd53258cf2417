import { formatShape, slice } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, int, tuple } from '../parameters/index.js';

/** A spatial window of data (N, C, H, W): of a given size, or as large as a second input. */
export const cropOperator = defineOperator({
  name: 'Crop',
  parameters: {
    num_args: int('1, or 2 with a second input whose size counts.', { minimum: 1, maximum: 2 }),
    offset: tuple('Row and column where the window starts.', { fallback: [0, 0], minimum: 0 }),
    h_w: tuple('Height and width of the window, with one input.', { fallback: [0, 0], minimum: 0 }),
    center_crop: bool('Put the window in the middle.', { fallback: false }),
  },
  countParameter: 'num_args',
  inputs: ({ num_args }) => (num_args === 2 ? ['arg0', 'arg1'] : ['arg0']),
  record: ({ inputs: [data, like], parameters: { offset, h_w, center_crop } }) => {
    const { shape } = data!;
    if (shape.length !== 4) throw new RangeError(`data ${formatShape(shape)} needs 4 axes: batch, channels, height, width`);
    const size = like ? like.shape.slice(2) : h_w;
    const begin = [0, 1].map((axis) => (center_crop ? Math.floor((shape[axis + 2]! - size[axis]!) / 2) : offset[axis]!));
    const end = begin.map((from, axis) => from + size[axis]!);
    if (begin.some((from, axis) => from < 0 || size[axis]! < 1 || end[axis]! > shape[axis + 2]!)) {
      throw new RangeError(`a window of ${formatShape(size)} at ${formatShape(begin)} does not lie within data ${formatShape(shape)}; use a smaller h_w or offset`);
    }
    return [slice(data!, [0, 0, ...begin], [shape[0]!, shape[1]!, ...end])];
  },
});
