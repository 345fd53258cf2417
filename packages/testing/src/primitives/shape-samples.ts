import type { Primitive } from '@lossworks/ndarray';
import type { PrimitiveInfo } from './primitive-info.js';
import { flags, given, integers, random } from './sample-operands.js';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

export const shapeSamples = {
  constant: {
    samples: [
      { name: 'a fraction', attributes: { value: 0.1, dtype: 'float32' }, operands: [] },
      { name: 'minus infinity', attributes: { value: Number.NEGATIVE_INFINITY, dtype: 'float32' }, operands: [] },
      { name: 'a whole number', attributes: { value: -7, dtype: 'int32' }, operands: [] },
      { name: 'a byte', attributes: { value: 200, dtype: 'uint8' }, operands: [] },
      { name: 'a flag', attributes: { value: 1, dtype: 'bool' }, operands: [] },
    ],
    errors: [],
  },
  iota: {
    samples: [
      { name: 'five numbers', attributes: { length: 5 }, operands: [] },
      { name: 'one number', attributes: { length: 1 }, operands: [] },
    ],
    errors: [],
  },
  reshape: {
    samples: [
      { name: 'other axes', attributes: { shape: [3, 2, 2] }, operands: [random([4, 3])] },
      { name: 'one axis', attributes: { shape: [6] }, operands: [random([2, 1, 3])] },
      { name: 'no axis', attributes: { shape: [] }, operands: [random([1, 1])] },
      { name: 'more axes of length 1', attributes: { shape: [1, 3, 1] }, operands: [random([3])] },
      { name: 'flags', attributes: { shape: [3, 2] }, operands: [flags([2, 3])] },
    ],
    errors: [{ name: 'another number of elements', attributes: { shape: [4, 2] }, operands: [float(2, 3)], says: ['[2,3]', '[4,2]', '6', '8'] }],
  },
  transpose: {
    samples: [
      { name: 'a matrix', attributes: { permutation: [1, 0] }, operands: [random([2, 3])] },
      { name: 'a rotation of three axes', attributes: { permutation: [2, 0, 1] }, operands: [random([2, 3, 4])] },
      { name: 'four axes', attributes: { permutation: [0, 3, 1, 2] }, operands: [random([2, 3, 1, 2])] },
      { name: 'whole numbers', attributes: { permutation: [1, 0] }, operands: [integers([2, 3])] },
      { name: 'flags', attributes: { permutation: [1, 0] }, operands: [flags([2, 3])] },
    ],
    errors: [
      { name: 'an axis named twice', attributes: { permutation: [0, 0] }, operands: [float(2, 3)], says: ['[0,0]', '[2,3]'] },
      { name: 'too few axes', attributes: { permutation: [1, 0] }, operands: [float(2, 3, 4)], says: ['[1,0]', '[2,3,4]'] },
    ],
  },
  broadcastTo: {
    samples: [
      { name: 'a number everywhere', attributes: { shape: [2, 3] }, operands: [random([])] },
      { name: 'a row down', attributes: { shape: [2, 3] }, operands: [random([3])] },
      { name: 'a column across', attributes: { shape: [2, 3] }, operands: [random([2, 1])] },
      { name: 'inner and outer axes at once', attributes: { shape: [2, 3, 4, 2] }, operands: [random([3, 1, 2])] },
      { name: 'axes of length 1', attributes: { shape: [1, 1, 2] }, operands: [random([2])] },
      { name: 'flags', attributes: { shape: [3, 2] }, operands: [flags([2])] },
      { name: 'whole numbers', attributes: { shape: [2, 2] }, operands: [integers([2, 1])] },
    ],
    errors: [
      { name: 'unequal lengths', attributes: { shape: [2, 4] }, operands: [float(2, 3)], says: ['[2,3]', '[2,4]'] },
      { name: 'fewer axes', attributes: { shape: [3] }, operands: [float(1, 3)], says: ['[1,3]', '[3]'] },
    ],
  },
  slice: {
    samples: [
      { name: 'a corner', attributes: { begin: [1, 0], end: [3, 2], steps: [1, 1] }, operands: [random([3, 4])] },
      { name: 'every second', attributes: { begin: [0, 1], end: [3, 4], steps: [1, 2] }, operands: [random([3, 4])] },
      { name: 'steps with a remainder on both axes', attributes: { begin: [0, 1], end: [5, 7], steps: [2, 3] }, operands: [random([5, 7])] },
      { name: 'a step beyond the end', attributes: { begin: [1], end: [4], steps: [9] }, operands: [random([5])] },
      { name: 'a single element', attributes: { begin: [1, 2, 0], end: [2, 3, 1], steps: [1, 1, 1] }, operands: [random([2, 3, 1])] },
      { name: 'nothing', attributes: { begin: [1, 0], end: [1, 2], steps: [1, 1] }, operands: [random([3, 2])] },
      { name: 'flags', attributes: { begin: [1], end: [4], steps: [2] }, operands: [flags([5])] },
    ],
    errors: [
      { name: 'an end behind the axis', attributes: { begin: [0, 1], end: [2, 4], steps: [1, 1] }, operands: [float(2, 3)], says: ['[2,3]', 'axis 1', '1..4', '0..3'] },
      { name: 'an end before the begin', attributes: { begin: [2], end: [1], steps: [1] }, operands: [float(4)], says: ['[4]', '2..1'] },
    ],
  },
  pad: {
    samples: [
      { name: 'zeros around', attributes: { before: [1, 0], after: [0, 2], value: 0 }, operands: [random([2, 3])] },
      { name: 'another number around', attributes: { before: [1], after: [1], value: -1.5 }, operands: [random([3])] },
      { name: 'minus infinity around', attributes: { before: [0, 1], after: [0, 1], value: Number.NEGATIVE_INFINITY }, operands: [random([2, 2])], gradients: 'unchecked' },
      { name: 'whole numbers', attributes: { before: [1], after: [2], value: 7 }, operands: [integers([3])] },
      { name: 'flags', attributes: { before: [1], after: [2], value: 1 }, operands: [flags([3])] },
    ],
    errors: [{ name: 'a count for another number of axes', attributes: { before: [1], after: [1], value: 0 }, operands: [float(2, 3)], says: ['[2,3]', '[1]'] }],
  },
  concat: {
    samples: [
      { name: 'rows', attributes: { axis: 0 }, operands: [random([2, 3], { seed: 1 }), random([1, 3], { seed: 2 })] },
      { name: 'columns of three', attributes: { axis: 1 }, operands: [random([2, 1], { seed: 1 }), random([2, 3], { seed: 2 }), random([2, 2], { seed: 3 })] },
      { name: 'a middle axis', attributes: { axis: 1 }, operands: [random([2, 1, 2], { seed: 1 }), random([2, 2, 2], { seed: 2 })] },
      { name: 'whole numbers', attributes: { axis: 0 }, operands: [integers([2], { seed: 1 }), integers([3], { seed: 2 })] },
      { name: 'flags', attributes: { axis: 0 }, operands: [flags([2], { seed: 1 }), flags([3], { seed: 2 })] },
    ],
    errors: [
      { name: 'other axes that differ', attributes: { axis: 0 }, operands: [float(2, 3), float(2, 4)], says: ['[2,3]', '[2,4]', 'axis 0'] },
      { name: 'another number of axes', attributes: { axis: 0 }, operands: [float(2, 3), float(3)], says: ['[2,3]', '[3]'] },
      { name: 'another element type', attributes: { axis: 0 }, operands: [float(2), { shape: [2], dtype: 'int32' }], says: ['float32', 'int32'] },
    ],
  },
  reverse: {
    samples: [
      { name: 'one axis', attributes: { axes: [1] }, operands: [random([2, 3])] },
      { name: 'two of three axes', attributes: { axes: [0, 2] }, operands: [random([2, 3, 4])] },
      { name: 'an axis of length 1', attributes: { axes: [0] }, operands: [random([1, 3])] },
      { name: 'whole numbers', attributes: { axes: [0] }, operands: [given([1, 2, 3], [3], 'int32')] },
    ],
    errors: [{ name: 'an axis that is not there', attributes: { axes: [2] }, operands: [float(2, 3)], says: ['axis 2', '[2,3]'] }],
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
