import type { Primitive } from '@lossworks/ndarray';
import type { PrimitiveInfo, PrimitiveSample } from './primitive-info.js';
import { distinct, given, integers, random, type flags } from './sample-operands.js';

type Operand = ReturnType<typeof flags>;
type Reduction = 'reduceSum' | 'reduceMax' | 'reduceMin' | 'reduceProd';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const flagged = (...shape: number[]) => ({ shape, dtype: 'bool' as const });

const over = (name: string, axes: number[], operand: Operand, gradients?: PrimitiveSample<Reduction>['gradients']): PrimitiveSample<Reduction> => ({
  name,
  attributes: { axes },
  operands: [operand],
  ...(gradients && { gradients }),
});

function reduction(make: (shape: readonly number[]) => Operand, ...more: PrimitiveSample<Reduction>[]): PrimitiveInfo<Reduction> {
  return {
    samples: [
      over('rows', [0], make([3, 4])),
      over('columns', [1], make([3, 4])),
      over('outer and inner axis', [0, 2], make([2, 3, 2])),
      over('the middle axis', [1], make([2, 3, 2])),
      over('every axis', [0, 1], make([2, 3])),
      over('an axis of length 1 too', [0, 1], make([1, 3, 2])),
      ...more,
    ],
    errors: [
      { name: 'flags', attributes: { axes: [0] }, operands: [flagged(2)], says: ['float32', 'bool'] },
      { name: 'an axis that is not there', attributes: { axes: [2] }, operands: [float(2, 3)], says: ['axis 2', '[2,3]'] },
    ],
  };
}

const wholeNumbers = over('whole numbers', [1], integers([2, 4]));

export const reductionSamples = {
  reduceSum: reduction(random, wholeNumbers),
  reduceMax: reduction(distinct, wholeNumbers, over('ties, where each gets the gradient', [1], given([1, 3, 3, 2, 2, 2], [2, 3]), [[0, 1, 1, 1, 1, 1]])),
  reduceMin: reduction(distinct, wholeNumbers, over('ties, where each gets the gradient', [1], given([1, 1, 3, 2, 2, 2], [2, 3]), [[1, 1, 0, 1, 1, 1]])),
  reduceProd: reduction((shape) => random(shape, { low: 0.5, high: 1.5 }), over('with a zero', [0], given([0, 2, 3]), 'unchecked')),
  argMax: {
    samples: [
      { name: 'columns', attributes: { axis: 1 }, operands: [distinct([3, 4])] },
      { name: 'rows', attributes: { axis: 0 }, operands: [distinct([3, 4])] },
      { name: 'the middle axis', attributes: { axis: 1 }, operands: [distinct([2, 3, 2])] },
      { name: 'the first of ties', attributes: { axis: 1 }, operands: [given([1, 3, 3, 2, 2, 2], [2, 3])] },
      { name: 'an axis of length 1', attributes: { axis: 0 }, operands: [distinct([1, 3])] },
      { name: 'whole numbers', attributes: { axis: 0 }, operands: [integers([5])] },
    ],
    errors: [
      { name: 'flags', attributes: { axis: 0 }, operands: [flagged(2)], says: ['float32', 'bool'] },
      { name: 'an axis that is not there', attributes: { axis: 2 }, operands: [float(2, 3)], says: ['axis 2', '[2,3]'] },
    ],
  },
  topK: {
    samples: [
      { name: 'the largest of each row', attributes: { axis: 1, count: 2, largest: true }, operands: [distinct([3, 4])] },
      { name: 'the smallest of each column', attributes: { axis: 0, count: 2, largest: false }, operands: [distinct([3, 4])] },
      { name: 'the middle axis in full', attributes: { axis: 1, count: 3, largest: true }, operands: [distinct([2, 3, 2])] },
      { name: 'ties, where the first comes first', attributes: { axis: 1, count: 4, largest: true }, operands: [given([1, 3, 3, 2, 2, 2, 2, 2], [2, 4])] },
      { name: 'ties among the smallest', attributes: { axis: 1, count: 3, largest: false }, operands: [given([2, 1, 3, 1, 2, 2, 2, 2], [2, 4])] },
      { name: 'many ties along a long axis', attributes: { axis: 0, count: 150, largest: true }, operands: [given(Array.from({ length: 200 }, (_, i) => (i * 7) % 5))] },
      { name: 'infinite numbers', attributes: { axis: 0, count: 3, largest: true }, operands: [given([0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1])] },
      { name: 'an axis of length 1', attributes: { axis: 0, count: 1, largest: true }, operands: [distinct([1, 3])] },
      { name: 'whole numbers', attributes: { axis: 0, count: 2, largest: false }, operands: [integers([5])] },
    ],
    errors: [
      { name: 'flags', attributes: { axis: 0, count: 1, largest: true }, operands: [flagged(2)], says: ['float32', 'bool'] },
      { name: 'an axis that is not there', attributes: { axis: 2, count: 1, largest: true }, operands: [float(2, 3)], says: ['axis 2', '[2,3]'] },
      { name: 'more than there are', attributes: { axis: 1, count: 4, largest: true }, operands: [float(2, 3)], says: ['count 4', '[2,3]', '1 to 3'] },
      { name: 'none at all', attributes: { axis: 1, count: 0, largest: true }, operands: [float(2, 3)], says: ['count 0', '[2,3]'] },
    ],
  },
  matmul: {
    samples: [
      { name: 'matrices', attributes: { transposeA: false, transposeB: false }, operands: [random([2, 3]), random([3, 4])] },
      { name: 'the left one transposed', attributes: { transposeA: true, transposeB: false }, operands: [random([3, 2]), random([3, 4])] },
      { name: 'the right one transposed', attributes: { transposeA: false, transposeB: true }, operands: [random([2, 3]), random([4, 3])] },
      { name: 'both transposed', attributes: { transposeA: true, transposeB: true }, operands: [random([3, 2]), random([4, 3])] },
      { name: 'a row and a column', attributes: { transposeA: false, transposeB: false }, operands: [random([1, 3]), random([3, 1])] },
      { name: 'a column and a row', attributes: { transposeA: false, transposeB: false }, operands: [random([3, 1]), random([1, 2])] },
      { name: 'one leading axis', attributes: { transposeA: false, transposeB: false }, operands: [random([2, 2, 3]), random([2, 3, 2])] },
      { name: 'one leading axis, left transposed', attributes: { transposeA: true, transposeB: false }, operands: [random([2, 3, 2]), random([2, 3, 2], { seed: 5 })] },
      { name: 'two leading axes, both transposed', attributes: { transposeA: true, transposeB: true }, operands: [random([2, 1, 3, 2]), random([2, 1, 2, 3], { seed: 5 })] },
      { name: 'two leading axes, right transposed', attributes: { transposeA: false, transposeB: true }, operands: [random([1, 2, 2, 3]), random([1, 2, 2, 3], { seed: 5 })] },
    ],
    errors: [
      { name: 'unequal inner lengths', attributes: { transposeA: false, transposeB: false }, operands: [float(2, 3), float(2, 3)], says: ['[2,3]', 'inner lengths 3', '2'] },
      { name: 'unequal leading axes', attributes: { transposeA: false, transposeB: false }, operands: [float(2, 2, 3), float(3, 3, 2)], says: ['[2,2,3]', '[3,3,2]'] },
      { name: 'a vector', attributes: { transposeA: false, transposeB: false }, operands: [float(3), float(3, 2)], says: ['[3]', '[3,2]'] },
      { name: 'whole numbers', attributes: { transposeA: false, transposeB: false }, operands: [{ shape: [2, 2], dtype: 'int32' }, float(2, 2)], says: ['float32', 'int32'] },
    ],
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
