import { broadcastTo, formatShape, reshape, reverse, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { int, optional, tuple } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** The whole array side by side along its axes; more entries than axes make new ones in front (MXNet `tile`). */
export const tileOperator = defineOperator({
  name: 'tile',
  parameters: { reps: tuple('How often, one an axis; the last entry is the last axis.', { minimum: 1 }) },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { reps } }) => {
    const rank = Math.max(reps.length, data!.shape.length);
    const shape = [...Array<number>(rank - data!.shape.length).fill(1), ...data!.shape];
    const times = [...Array<number>(rank - reps.length).fill(1), ...reps];
    return [repeated(reshape(data!, shape), times, 'whole')];
  },
});

/** Every element several times in a row along an axis, or of the flattened array (MXNet `repeat`). */
export const repeatOperator = defineOperator({
  name: 'repeat',
  parameters: {
    repeats: int('How often.', { minimum: 1 }),
    axis: optional(int('The axis; None flattens.')),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { repeats, axis } }) => {
    const source = axis === null ? reshape(data!, [data!.size]) : data!;
    const at = axis === null ? 0 : axisIn(axis, source.shape);
    return [repeated(source, source.shape.map((_, one) => (one === at ? repeats : 1)), 'each')];
  },
});

/** The elements in the opposite order along some axes (MXNet `reverse`). */
export const reverseOperator = defineOperator({
  name: 'reverse',
  aliases: ['flip'],
  parameters: { axis: tuple('The axes.') },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { axis } }) => [reverse(data!, axis.map((one) => axisIn(one, data!.shape)))],
});

/** (N, C, H, W) to (N, C / b², b·H, b·W): blocks of b by b from channels, the block's place being the slower of them (MXNet `depth_to_space`). */
export const depthToSpaceOperator = blockOperator('depth_to_space', ([batch, channels, height, width], block) => {
  if (channels! % (block * block) !== 0) throw new RangeError(`block_size ${block} needs channels that ${block * block} divides, not ${channels}`);
  const kept = channels! / (block * block);
  return {
    apart: [batch!, block, block, kept, height!, width!],
    order: [0, 3, 4, 1, 5, 2],
    shape: [batch!, kept, height! * block, width! * block],
  };
});

/** The way back of `depth_to_space` (MXNet `space_to_depth`). */
export const spaceToDepthOperator = blockOperator('space_to_depth', ([batch, channels, height, width], block) => {
  if (height! % block !== 0 || width! % block !== 0) throw new RangeError(`block_size ${block} must divide height ${height} and width ${width}`);
  return {
    apart: [batch!, channels!, height! / block, block, width! / block, block],
    order: [0, 3, 5, 1, 2, 4],
    shape: [batch!, channels! * block * block, height! / block, width! / block],
  };
});

type Blocks = (shape: readonly number[], block: number) => { readonly apart: number[]; readonly order: number[]; readonly shape: number[] };

function blockOperator(name: string, blocks: Blocks) {
  return defineOperator({
    name,
    parameters: { block_size: int('Side of a block.', { minimum: 1 }) },
    inputs: () => ['data'],
    record: ({ inputs: [data], parameters: { block_size } }) => {
      if (data!.shape.length !== 4) throw new RangeError(`data ${formatShape(data!.shape)} needs 4 axes: batch, channels, height, width`);
      const { apart, order, shape } = blocks(data!.shape, block_size);
      return [reshape(reshape(data!, apart).transpose(order), shape)];
    },
  });
}

/** `whole` puts copies of the axis behind each other, `each` copies of every element. */
function repeated(x: NDArray, times: readonly number[], what: 'whole' | 'each'): NDArray {
  const pairs = x.shape.map((length) => (what === 'whole' ? [1, length] : [length, 1]));
  const wide = x.shape.map((length, axis) => (what === 'whole' ? [times[axis]!, length] : [length, times[axis]!]));
  return reshape(broadcastTo(reshape(x, pairs.flat()), wide.flat()), x.shape.map((length, axis) => length * times[axis]!));
}
