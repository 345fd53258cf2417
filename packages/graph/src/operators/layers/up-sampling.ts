import { add, broadcastTo, concat, convTranspose, formatShape, reshape, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { choice, int } from '../parameters/index.js';

/** Data (N, C, H, W) enlarged by a whole factor: by repeating, or by a transposed convolution whose weights start as bilinear ones. */
export const upSamplingOperator = defineOperator({
  name: 'UpSampling',
  parameters: {
    scale: int('The factor.', { minimum: 1 }),
    num_filter: int('Channels of the data, with bilinear.', { fallback: 0, minimum: 0 }),
    sample_type: choice('How.', ['nearest', 'bilinear']),
    multi_input_mode: choice('What becomes of several inputs.', ['concat', 'sum'], { fallback: 'concat' }),
    num_args: int('How many inputs there are; counted unless given.', { minimum: 1, maximum: 65_536 }),
    workspace: int('Accepted, without effect.', { fallback: 512 }),
  },
  countParameter: 'num_args',
  inputs: ({ sample_type, num_args }) => {
    if (sample_type === 'bilinear') return ['data', 'weight'];
    return num_args === 1 ? ['data'] : Array.from({ length: num_args }, (_, position) => `arg${position}`);
  },
  completeShapes: (shapes, { sample_type, scale, num_filter }) => {
    if (sample_type !== 'bilinear') return shapes;
    const kernel = bilinearKernel(scale);
    return { ...shapes, inputs: [shapes.inputs[0], [num_filter, 1, kernel, kernel]] };
  },
  record: ({ inputs, parameters: { scale, sample_type, multi_input_mode, num_filter } }) => {
    const first = inputs[0]!;
    if (inputs.some((input) => input.shape.length !== 4)) throw new RangeError(`data ${formatShape(first.shape)} needs 4 axes: batch, channels, height, width`);
    const size = first.shape.slice(2).map((length) => length * scale);
    if (sample_type === 'bilinear') {
      if (first.shape[1] !== num_filter) throw new RangeError(`num_filter ${num_filter} must be the channels of data ${formatShape(first.shape)}`);
      const pads = Math.ceil((scale - 1) / 2);
      return [convTranspose(first, inputs[1]!, size, { strides: scale, pads, groups: num_filter })];
    }
    const enlarged = inputs.map((input) => repeated(input, size));
    return [enlarged.length === 1 ? enlarged[0]! : multi_input_mode === 'sum' ? enlarged.reduce((total, one) => add(total, one)) : concat(enlarged, 1)];
  },
});

function bilinearKernel(scale: number): number {
  return 2 * scale - (scale % 2);
}

/** Every element as a block. */
function repeated(x: NDArray, size: readonly number[]): NDArray {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [rows, columns] = size.map((length, axis) => length / x.shape[axis + 2]!) as [number, number];
  if (!Number.isInteger(rows) || rows !== columns) throw new RangeError(`${formatShape([height, width])} does not divide the output ${formatShape(size)}; each input's size must`);
  const apart = reshape(x, [batch, channels, height, 1, width, 1]);
  return reshape(broadcastTo(apart, [batch, channels, height, rows, width, columns]), [batch, channels, ...size]);
}
