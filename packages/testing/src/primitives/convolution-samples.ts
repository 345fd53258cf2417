import type { Primitive } from '@lossworks/ndarray';
import type { ConvolutionAttributes } from '@lossworks/ndarray/internal';
import type { PrimitiveInfo } from './primitive-info.js';
import { random } from './sample-operands.js';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

/** A convolution by the shapes of its three arrays. `y` stands written out: no rule of the library decides it. */
interface Geometry extends ConvolutionAttributes {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly y: readonly number[];
}

function geometry(x: readonly number[], weight: readonly number[], y: readonly number[], given: Partial<ConvolutionAttributes> = {}): Geometry {
  const each = (value: number): number[] => x.slice(2).map(() => value);
  return { x, weight, y, strides: each(1), padsBefore: each(0), padsAfter: each(0), dilations: each(1), groups: 1, ...given };
}

const geometries: { readonly [name: string]: Geometry } = {
  'two axes': geometry([2, 2, 4, 3], [3, 2, 2, 2], [2, 3, 3, 2]),
  'a kernel of one': geometry([2, 3, 2, 2], [2, 3, 1, 1], [2, 2, 2, 2]),
  'a kernel as large as the data': geometry([1, 2, 3, 2], [2, 2, 3, 2], [1, 2, 1, 1]),
  'padding on both sides': geometry([1, 1, 3, 3], [2, 1, 3, 3], [1, 2, 3, 3], { padsBefore: [1, 1], padsAfter: [1, 1] }),
  'another padding on each side': geometry([1, 2, 3, 4], [1, 2, 2, 3], [1, 1, 5, 3], { padsBefore: [1, 0], padsAfter: [2, 1] }),
  'strides': geometry([2, 1, 5, 5], [2, 1, 3, 3], [2, 2, 2, 2], { strides: [2, 2] }),
  'strides that leave a remainder': geometry([1, 1, 6, 5], [1, 1, 3, 2], [1, 1, 2, 2], { strides: [2, 2] }),
  'strides wider than the kernel': geometry([1, 1, 6, 4], [2, 1, 1, 2], [1, 2, 2, 1], { strides: [3, 3] }),
  'strides, remainder and padding': geometry([1, 2, 5, 6], [2, 2, 3, 3], [1, 2, 3, 2], { strides: [2, 3], padsBefore: [1, 1], padsAfter: [1, 0] }),
  'dilation': geometry([1, 1, 5, 4], [2, 1, 2, 2], [1, 2, 3, 1], { dilations: [2, 3] }),
  'dilation, strides and padding': geometry([1, 2, 6, 6], [1, 2, 2, 2], [1, 1, 3, 3], { dilations: [2, 3], strides: [2, 2], padsBefore: [0, 1], padsAfter: [1, 1] }),
  'groups': geometry([2, 4, 3, 3], [2, 2, 2, 2], [2, 2, 2, 2], { groups: 2 }),
  'one filter a channel': geometry([1, 3, 4, 3], [3, 1, 2, 2], [1, 3, 3, 2], { groups: 3 }),
  'groups with several filters, strides and padding': geometry([1, 2, 5, 4], [4, 1, 3, 2], [1, 4, 3, 2], { groups: 2, strides: [2, 2], padsBefore: [1, 0], padsAfter: [1, 0] }),
  'more channels than filters': geometry([2, 4, 5, 4], [2, 4, 3, 3], [2, 2, 5, 4], { padsBefore: [1, 1], padsAfter: [1, 1] }),
  'more channels than filters, dilation and uneven padding': geometry([1, 3, 6, 5], [2, 3, 2, 3], [1, 2, 6, 5], { dilations: [2, 1], padsBefore: [2, 2], padsAfter: [0, 0] }),
  'more channels than filters, padding wider than the kernel': geometry([1, 3, 4, 3], [1, 3, 2, 1], [1, 1, 4, 5], { padsBefore: [0, 2], padsAfter: [1, 0] }),
  'one axis': geometry([2, 2, 6], [3, 2, 3], [2, 3, 4]),
  'one axis with everything': geometry([2, 2, 8], [2, 1, 2], [2, 2, 4], { strides: [2], padsBefore: [2], padsAfter: [0], dilations: [3], groups: 2 }),
  'three axes': geometry([1, 2, 3, 3, 2], [2, 2, 2, 2, 2], [1, 2, 2, 2, 1]),
  'three axes, more channels than filters': geometry([1, 2, 3, 3, 4], [1, 2, 2, 1, 3], [1, 1, 3, 3, 4], { padsBefore: [1, 0, 2], padsAfter: [0, 0, 0] }),
  'three axes with strides and padding': geometry([1, 1, 3, 4, 3], [1, 1, 2, 2, 3], [1, 1, 2, 2, 2], { strides: [2, 2, 1], padsBefore: [1, 0, 1], padsAfter: [0, 0, 0] }),
};

const plain = ({ strides, padsBefore, padsAfter, dilations, groups }: Geometry): ConvolutionAttributes => ({ strides, padsBefore, padsAfter, dilations, groups });

const two = plain(geometries['two axes']!);
const paired = { ...two, groups: 2 };

// The sums are short: float32 leaves little behind the last digits, but absolute errors grow with the terms.
const tolerance = { relative: 1e-5, absolute: 5e-6 };

export const convolutionSamples = {
  conv: {
    samples: Object.entries(geometries).map(([name, each]) => ({ name, attributes: plain(each), operands: [random(each.x, { seed: 1 }), random(each.weight, { seed: 2 })] })),
    errors: [
      { name: 'other channels', attributes: two, operands: [float(2, 3, 4, 4), float(5, 2, 3, 3)], says: ['[2,3,4,4]', '[5,2,3,3]'] },
      { name: 'another number of axes', attributes: two, operands: [float(2, 3, 4), float(5, 3, 3, 3)], says: ['[2,3,4]', '[5,3,3,3]', '4 axes'] },
      { name: 'groups that do not divide the filters', attributes: paired, operands: [float(2, 4, 4, 4), float(3, 2, 2, 2)], says: ['[2,4,4,4]', '[3,2,2,2]', '2 group'] },
      { name: 'a kernel larger than the data', attributes: two, operands: [float(2, 3, 2, 4), float(5, 3, 3, 3)], says: ['3', '2 elements'] },
      { name: 'whole numbers', attributes: two, operands: [{ shape: [2, 3, 4, 4], dtype: 'int32' }, float(5, 3, 3, 3)], says: ['float32', 'int32'] },
    ],
    tolerance,
  },
  convInputGradient: {
    samples: Object.entries(geometries).map(([name, each]) => ({
      name,
      attributes: { ...plain(each), spatial: each.x.slice(2) },
      operands: [random(each.y, { seed: 3 }), random(each.weight, { seed: 2 })],
    })),
    errors: [
      { name: 'other filters', attributes: { ...two, spatial: [4, 4] }, operands: [float(2, 3, 3, 3), float(5, 2, 2, 2)], says: ['[2,3,3,3]', '[5,2,2,2]'] },
      { name: 'positions that the convolution does not have', attributes: { ...two, spatial: [4, 4] }, operands: [float(2, 5, 4, 4), float(5, 2, 2, 2)], says: ['[2,5,4,4]', '[2,5,3,3]'] },
      { name: 'another number of axes', attributes: { ...two, spatial: [4, 4] }, operands: [float(2, 5, 3), float(5, 2, 2, 2)], says: ['[2,5,3]', '[5,2,2,2]'] },
    ],
    tolerance,
  },
  convWeightGradient: {
    samples: Object.entries(geometries).map(([name, each]) => ({
      name,
      attributes: { ...plain(each), kernel: each.weight.slice(2) },
      operands: [random(each.x, { seed: 1 }), random(each.y, { seed: 3 })],
    })),
    errors: [
      { name: 'another batch', attributes: { ...two, kernel: [2, 2] }, operands: [float(2, 3, 4, 4), float(1, 5, 3, 3)], says: ['[2,3,4,4]', '[1,5,3,3]'] },
      { name: 'positions that the convolution does not have', attributes: { ...two, kernel: [2, 2] }, operands: [float(2, 3, 4, 4), float(2, 5, 4, 4)], says: ['[2,5,4,4]', '[2,5,3,3]'] },
      { name: 'groups that do not divide the channels', attributes: { ...paired, kernel: [2, 2] }, operands: [float(2, 3, 4, 4), float(2, 4, 3, 3)], says: ['[2,3,4,4]', '2 group'] },
    ],
    tolerance,
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
