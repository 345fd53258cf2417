import type { Primitive } from '@lossworks/ndarray';
import type { PrimitiveInfo } from './primitive-info.js';
import { flags, given, integers, random } from './sample-operands.js';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const whole = (...shape: number[]) => ({ shape, dtype: 'int32' as const });
const indices = (data: number[], shape: number[] = [data.length]) => given(data, shape, 'int32');

export const indexingSamples = {
  gather: {
    samples: [
      { name: 'rows, one of them twice', attributes: { axis: 0 }, operands: [random([4, 3]), indices([2, 0, 2])] },
      { name: 'columns', attributes: { axis: 1 }, operands: [random([2, 4]), indices([3, 1])] },
      { name: 'a matrix of indices', attributes: { axis: 0 }, operands: [random([3, 2]), indices([0, 2, 1, 1], [2, 2])] },
      { name: 'a matrix of indices into a middle axis', attributes: { axis: 1 }, operands: [random([2, 3, 2]), indices([0, 2, 1, 1, 0, 0], [3, 2])] },
      { name: 'a single index', attributes: { axis: 1 }, operands: [random([2, 3]), indices([2], [])] },
      { name: 'an axis of length 1', attributes: { axis: 0 }, operands: [random([1, 2]), indices([0, 0, 0])] },
      { name: 'single numbers', attributes: { axis: 0 }, operands: [random([4]), indices([3, 3])] },
      { name: 'whole numbers', attributes: { axis: 0 }, operands: [integers([4, 2]), indices([3, 0])] },
      { name: 'flags', attributes: { axis: 0 }, operands: [flags([5]), indices([4, 0, 1])] },
    ],
    errors: [
      { name: 'fractions for indices', attributes: { axis: 0 }, operands: [float(4, 3), float(2)], says: ['indices', 'int32', 'float32'] },
      { name: 'an axis that is not there', attributes: { axis: 2 }, operands: [float(4, 3), whole(2)], says: ['axis 2', '[4,3]'] },
    ],
  },
  scatterAdd: {
    samples: [
      { name: 'rows, one of them twice', attributes: { axis: 0 }, operands: [random([4, 3]), indices([2, 0, 2]), random([3, 3])] },
      { name: 'columns', attributes: { axis: 1 }, operands: [random([2, 4]), indices([3, 1]), random([2, 2])] },
      { name: 'a matrix of indices', attributes: { axis: 0 }, operands: [random([3, 2]), indices([0, 2, 1, 1], [2, 2]), random([2, 2, 2])] },
      { name: 'a matrix of indices into a middle axis', attributes: { axis: 1 }, operands: [random([2, 3, 2]), indices([0, 2, 1, 1, 0, 0], [3, 2]), random([2, 3, 2, 2])] },
      { name: 'a single index', attributes: { axis: 1 }, operands: [random([2, 3]), indices([2], []), random([2])] },
      { name: 'an axis of length 1', attributes: { axis: 0 }, operands: [random([1, 2]), indices([0, 0, 0]), random([3, 2])] },
      { name: 'single numbers', attributes: { axis: 0 }, operands: [random([4]), indices([3, 3, 0]), random([3])] },
    ],
    errors: [
      { name: 'updates of another shape', attributes: { axis: 0 }, operands: [float(4, 3), whole(2), float(2, 4)], says: ['[2,4]', '[2,3]'] },
      { name: 'fractions for indices', attributes: { axis: 0 }, operands: [float(4, 3), float(2), float(2, 3)], says: ['indices', 'int32', 'float32'] },
      { name: 'whole numbers', attributes: { axis: 0 }, operands: [whole(4, 3), whole(2), whole(2, 3)], says: ['float32', 'int32'] },
      { name: 'an axis that is not there', attributes: { axis: 2 }, operands: [float(4, 3), whole(2), float(4, 3, 2)], says: ['axis 2', '[4,3]'] },
    ],
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
