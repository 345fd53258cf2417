import type { Primitive } from '@lossworks/ndarray';
import type { WindowAttributes } from '@lossworks/ndarray/internal';
import { pooling } from '../reference/pooling.js';
import type { PrimitiveInfo, PrimitiveSample, SampleOperand } from './primitive-info.js';
import { distinct, given, integers, random } from './sample-operands.js';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

function window(kernel: number[], strides: number[], padsBefore = kernel.map(() => 0), padsAfter = padsBefore): WindowAttributes {
  return { kernel, strides, padsBefore, padsAfter };
}

/** Poolings without ties. */
const poolings: { readonly [name: string]: { readonly x: readonly number[]; readonly attributes: WindowAttributes } } = {
  'windows side by side': { x: [2, 2, 4, 4], attributes: window([2, 2], [2, 2]) },
  'windows side by side with a remainder': { x: [1, 2, 5, 3], attributes: window([2, 2], [2, 2]) },
  'overlapping windows': { x: [1, 1, 5, 5], attributes: window([3, 3], [2, 2]) },
  'windows at every position': { x: [1, 2, 4, 3], attributes: window([2, 2], [1, 1]) },
  'gaps between windows': { x: [1, 1, 5, 6], attributes: window([1, 2], [3, 4]) },
  'padding on both sides': { x: [1, 1, 4, 4], attributes: window([2, 2], [2, 2], [1, 1]) },
  'padding behind alone': { x: [1, 2, 5, 5], attributes: window([2, 2], [2, 2], [0, 0], [1, 1]) },
  'overlap, padding and another stride on each axis': { x: [1, 1, 5, 6], attributes: window([3, 2], [1, 2], [1, 1], [1, 1]) },
  'a window as large as the data': { x: [2, 1, 3, 2], attributes: window([3, 2], [1, 1]) },
  'a window of one': { x: [1, 1, 3, 2], attributes: window([1, 1], [1, 1]) },
  'one axis': { x: [2, 2, 6], attributes: window([3], [2], [1], [0]) },
  'three axes': { x: [1, 2, 4, 2, 4], attributes: window([2, 2, 2], [2, 2, 2]) },
  'three axes, overlapping': { x: [1, 1, 3, 3, 3], attributes: window([2, 2, 2], [1, 1, 1]) },
};

/** Where several elements of a window are the largest: the first in row-major order has the gradient. */
const tied = {
  name: 'ties, where the first is chosen',
  x: given([0, 0, 1, 1, 0, 0, 1, 1], [1, 1, 2, 4]),
  attributes: window([2, 2], [2, 2]),
  gradient: [1, 0, 1, 0, 0, 0, 0, 0],
};
const tiedOverlap = {
  name: 'ties in overlapping windows',
  x: given([0, 2, 2, 0], [1, 1, 4]),
  attributes: window([2], [1]),
  gradient: [0, 2, 1, 0],
};
const belowPadding = {
  name: 'numbers below zero, over which padding never wins',
  x: given([-5, -4, -3, -2], [1, 1, 2, 2]),
  attributes: window([2, 2], [1, 1], [1, 1]),
  gradient: [1, 2, 2, 4],
};
const kinks = [tied, tiedOverlap, belowPadding];

/** The gradient's operands belong together: the pooled numbers are those of the data. */
function gradientSample(name: string, x: SampleOperand, attributes: WindowAttributes): PrimitiveSample<'maxPoolGradient'> {
  const pooled = pooling.maxPool(attributes, [{ ...x, data: Float64Array.from(x.data) }]);
  return { name, attributes, operands: [x, given([...pooled.data], pooled.shape), random(pooled.shape, { seed: 4 })] };
}

const boxes = (...rows: readonly (readonly number[])[]): SampleOperand => given(rows.flat(), [rows.length, 5]);

export const poolingSamples = {
  maxPool: {
    samples: [
      ...Object.entries(poolings).map(([name, { x, attributes }]) => ({ name, attributes, operands: [distinct(x)] })),
      ...kinks.map(({ name, x, attributes, gradient }) => ({ name, attributes, operands: [x], gradients: [gradient] })),
    ],
    errors: [
      { name: 'a window larger than the data', attributes: window([3, 3], [1, 1]), operands: [float(1, 1, 2, 4)], says: ['3', '2 elements'] },
      { name: 'another number of axes', attributes: window([2, 2], [1, 1]), operands: [float(1, 1, 4)], says: ['[1,1,4]', '4 axes'] },
      { name: 'whole numbers', attributes: window([2], [1]), operands: [{ shape: [1, 1, 4], dtype: 'int32' }], says: ['float32', 'int32'] },
    ],
  },
  maxPoolGradient: {
    samples: [
      ...Object.entries(poolings).map(([name, { x, attributes }]) => gradientSample(name, distinct(x), attributes)),
      // A difference of any size would choose another maximum.
      ...kinks.map(({ name, x, attributes }) => ({ ...gradientSample(name, x, attributes), gradients: 'unchecked' as const })),
    ],
    errors: [
      { name: 'another pooled shape', attributes: window([2], [2]), operands: [float(1, 1, 4), float(1, 1, 3), float(1, 1, 3)], says: ['[1,1,3]', '[1,1,2]'] },
      { name: 'a gradient of another shape', attributes: window([2], [2]), operands: [float(1, 1, 4), float(1, 1, 2), float(1, 1, 4)], says: ['[1,1,4]', '[1,1,2]'] },
    ],
  },
  regionArgMax: {
    samples: [
      { name: 'regions of several images', attributes: { bins: [2, 2], scale: 1 }, operands: [distinct([2, 2, 4, 5]), boxes([0, 0, 0, 4, 3], [1, 1, 1, 3, 3], [1, 2, 0, 4, 2])] },
      { name: 'bins that overlap, of unequal number', attributes: { bins: [3, 2], scale: 0.5 }, operands: [distinct([1, 3, 7, 6]), boxes([0, 1, 2, 11, 12], [0, 3, 3, 9, 7])] },
      { name: 'ties, where the first is chosen', attributes: { bins: [2, 1], scale: 1 }, operands: [integers([2, 2, 5, 6], { low: 0, high: 2, dtype: 'float32' }), boxes([0, 0, 0, 5, 4], [1, 1, 1, 4, 4], [0, 2, 1, 5, 3])] },
      { name: 'halves, rounded away from zero', attributes: { bins: [2, 2], scale: 0.5 }, operands: [distinct([1, 1, 6, 6]), boxes([0, -1, -3, 7, 5], [0, 1, 3, 5, 9])] },
      { name: 'regions beyond the image', attributes: { bins: [2, 3], scale: 1 }, operands: [distinct([1, 2, 3, 4]), boxes([0, -3, -2, 6, 5], [0, 4, 0, 9, 2], [0, -1e12, -1e12, 1e12, 1e12])] },
      { name: 'regions of no image', attributes: { bins: [1, 2], scale: 1 }, operands: [distinct([2, 1, 2, 3]), boxes([-1, 0, 0, 2, 1], [2, 0, 0, 2, 1], [1, 0, 0, 2, 1])] },
      { name: 'a turned-over region, and one of a point', attributes: { bins: [2, 2], scale: 1 }, operands: [distinct([1, 1, 4, 4]), boxes([0, 3, 2, 1, 0], [0, 1, 1, 1, 1])] },
      { name: 'a single feature', attributes: { bins: [2, 2], scale: 1 }, operands: [distinct([1, 1, 1, 1]), boxes([0, 0, 0, 0, 0])] },
      {
        name: 'no numbers and infinite ones', attributes: { bins: [2, 2], scale: 1 },
        operands: [given([Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2, Number.NaN, 3], [1, 1, 3, 4]), boxes([0, 0, 0, 3, 2])],
      },
    ],
    errors: [
      { name: 'regions without an image', attributes: { bins: [2, 2], scale: 1 }, operands: [float(1, 1, 4, 4), float(3, 4)], says: ['[3,4]', '[regions, 5]'] },
      { name: 'one spatial axis', attributes: { bins: [2, 2], scale: 1 }, operands: [float(1, 1, 4), float(3, 5)], says: ['[1,1,4]', '[batch, channels, height, width]'] },
      { name: 'whole numbers', attributes: { bins: [2, 2], scale: 1 }, operands: [{ shape: [1, 1, 4, 4], dtype: 'int32' }, float(3, 5)], says: ['float32', 'int32'] },
      { name: 'a plane that float32 cannot count', attributes: { bins: [2, 2], scale: 1 }, operands: [float(1, 1, 4097, 4096), float(3, 5)], says: ['[1,1,4097,4096]', '16777216'] },
    ],
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
