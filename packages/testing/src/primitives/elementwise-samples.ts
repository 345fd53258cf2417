import type { DType, Primitive } from '@lossworks/ndarray';
import type { PrimitiveError, PrimitiveInfo, PrimitiveSample } from './primitive-info.js';
import { distinct, flags, given, integers, random } from './sample-operands.js';

type Sample = PrimitiveSample<'neg'>;
type PlainInfo = PrimitiveInfo<'neg'>;

const shapes = { 'a matrix': [2, 3], 'a single number': [], 'axes of length 1': [1, 3, 1] } as const;

const signature = (shape: readonly number[], dtype: DType = 'float32') => ({ shape, dtype });

function refusal(name: string, operands: PrimitiveError<'neg'>['operands'], ...says: string[]): PrimitiveError<'neg'> {
  return { name, attributes: {}, operands, says };
}

/** A function of one float32 operand, smooth between the bounds. */
function smooth(low: number, high: number, ...more: Sample[]): PlainInfo {
  return {
    samples: [
      ...Object.entries(shapes).map(([name, shape]): Sample => ({ name, attributes: {}, operands: [random(shape, { low, high })] })),
      ...more,
    ],
    errors: [refusal('flags', [signature([2, 3], 'bool')], 'float32', 'bool')],
  };
}

const onIntegers = (...more: Sample[]): Sample[] => [{ name: 'whole numbers', attributes: {}, operands: [given([-3, 0, 5, -2147483647], [4], 'int32')] }, ...more];

const forwardOnly = (name: string, ...lists: number[][]): Sample => ({ name, attributes: {}, operands: lists.map((list) => given(list)), gradients: 'unchecked' });

const unequal: readonly PrimitiveError<'neg'>[] = [
  refusal('unequal shapes', [signature([2, 3]), signature([3, 2])], '[2,3]', '[3,2]'),
  refusal('unequal element types', [signature([2]), signature([2], 'int32')], 'float32', 'int32'),
];

function pair(name: string, left: Parameters<typeof random>[1], right: Parameters<typeof random>[1], shape: readonly number[] = [2, 3]): Sample {
  return { name, attributes: {}, operands: [random(shape, { seed: 1, ...left }), random(shape, { seed: 2, ...right })] };
}

/** Arithmetic of two operands of one shape. */
function arithmetic(...more: Sample[]): PlainInfo {
  return {
    samples: [
      pair('matrices', {}, { low: 0.5, high: 2 }),
      pair('single numbers', {}, { low: 0.5, high: 2 }, []),
      pair('axes of length 1', {}, { low: 0.5, high: 2 }, [1, 3, 1]),
      { name: 'whole numbers', attributes: {}, operands: [given([-7, 7, 100000, 0], [4], 'int32'), given([2, -2, 3, 5], [4], 'int32')] },
      ...more,
    ],
    errors: [...unequal, refusal('flags', [signature([2], 'bool'), signature([2], 'bool')], 'float32', 'bool')],
  };
}

const chosenAtTies = (left: number[], right: number[]): Sample => ({
  name: 'ties, where the left operand is chosen',
  attributes: {},
  operands: [given([1, 2, 3]), given([1, 3, 2])],
  gradients: [left, right],
});

const comparison: PlainInfo = {
  samples: [
    { name: 'numbers', attributes: {}, operands: [given([1, 2, 3, -1]), given([1, 3, 2, Number.POSITIVE_INFINITY])] },
    { name: 'whole numbers', attributes: {}, operands: [integers([3, 4], { low: 0, high: 3, seed: 1 }), integers([3, 4], { low: 0, high: 3, seed: 2 })] },
    { name: 'not a number on either side', attributes: {}, operands: [given([Number.NaN, 1, Number.NaN]), given([1, Number.NaN, Number.NaN])] },
  ],
  errors: unequal,
};

export const elementwiseSamples = {
  neg: smooth(-2, 2, ...onIntegers()),
  abs: smooth(0.5, 2, ...onIntegers(), { name: 'at zero', attributes: {}, operands: [given([-2, 0, 3])], gradients: [[-1, 0, 1]] }),
  sign: smooth(0.5, 2, ...onIntegers(), { name: 'at zero', attributes: {}, operands: [given([-2, 0, 3])] }),
  exp: smooth(-2, 2, forwardOnly('where it overflows and vanishes', [1000, -1000])),
  log: smooth(0.25, 3, forwardOnly('at zero and below', [0, -1])),
  sqrt: smooth(0.25, 3, forwardOnly('at zero and below', [0, -1])),
  sin: smooth(-3, 3),
  cos: smooth(-3, 3),
  tanh: smooth(-2, 2, forwardOnly('where it is flat', [30, -30])),
  erf: smooth(-2, 2, forwardOnly('where it is flat', [9, -9, 3, -3])),
  sigmoid: smooth(-2, 2, forwardOnly('where it is flat', [60, -60])),
  relu: smooth(0.5, 2, { name: 'at zero and below', attributes: {}, operands: [given([-2, 0, 3])], gradients: [[0, 0, 1]] }),
  floor: smooth(0.1, 0.9, forwardOnly('negative and whole numbers', [-0.5, -2, 3, 2.75])),
  not: {
    samples: [{ name: 'flags', attributes: {}, operands: [flags([2, 3])] }],
    errors: [refusal('numbers', [signature([2])], 'bool', 'float32')],
  },
  cast: {
    samples: [
      { name: 'float32 to int32 drops the fraction', attributes: { dtype: 'int32' }, operands: [given([-1.75, 1.75, 0, -0.5, 1e6])], gradients: [[0, 0, 0, 0, 0]] },
      { name: 'float32 to uint8', attributes: { dtype: 'uint8' }, operands: [given([0, 1.75, 255])], gradients: [[0, 0, 0]] },
      { name: 'float32 to bool', attributes: { dtype: 'bool' }, operands: [given([-1, 0, 0.25])], gradients: [[0, 0, 0]] },
      { name: 'int32 to float32', attributes: { dtype: 'float32' }, operands: [integers([2, 3])] },
      { name: 'int32 to bool', attributes: { dtype: 'bool' }, operands: [given([-2, 0, 2], [3], 'int32')] },
      { name: 'uint8 to float32', attributes: { dtype: 'float32' }, operands: [given([0, 128, 255], [3], 'uint8')] },
      { name: 'uint8 to int32', attributes: { dtype: 'int32' }, operands: [given([0, 128, 255], [3], 'uint8')] },
      { name: 'bool to float32', attributes: { dtype: 'float32' }, operands: [flags([2, 3])] },
      { name: 'bool to int32', attributes: { dtype: 'int32' }, operands: [flags([2, 3])] },
      { name: 'float32 to itself', attributes: { dtype: 'float32' }, operands: [random([2, 3])] },
    ],
    errors: [],
  },
  alias: { samples: [{ name: 'a matrix', attributes: { tag: 0 }, operands: [random([2, 3])] }], errors: [] },
  kept: { samples: [{ name: 'a matrix', attributes: {}, operands: [random([2, 3])] }], errors: [] },
  withDerivative: {
    samples: [{
      name: 'the derivative of a square, declared', attributes: {}, operands: [given([1, 4, 9]), given([1, 2, 3]), given([2, 4, 6])], gradients: [[0, 0, 0], [2, 4, 6], [0, 0, 0]],
    }],
    errors: [
      refusal('a slope of another shape', [signature([2]), signature([2]), signature([3])], '[2]', '[3]'),
      refusal('flags', [signature([2], 'bool'), signature([2], 'bool'), signature([2], 'bool')], 'float32', 'bool'),
    ],
  },
  add: arithmetic(),
  sub: arithmetic(),
  mul: arithmetic(),
  div: arithmetic(forwardOnly('by zero', [1, -1, 0], [0, 0, 0])),
  pow: {
    samples: [
      pair('positive bases', { low: 0.5, high: 2 }, { low: -2, high: 3 }),
      pair('single numbers', { low: 0.5, high: 2 }, { low: -2, high: 3 }, []),
      forwardOnly('negative bases', [-2, -2, -2, -0.5], [2, 3, 0.5, -1]),
      forwardOnly('zero', [0, 0, 0], [0, 2, -1]),
    ],
    errors: [...unequal, refusal('whole numbers', [signature([2], 'int32'), signature([2], 'int32')], 'float32', 'int32')],
    tolerance: { relative: 2e-5, absolute: 1e-6 },
  },
  max: arithmetic(chosenAtTies([1, 0, 1], [0, 1, 0])),
  min: arithmetic(chosenAtTies([1, 1, 0], [0, 0, 1])),
  equal: {
    samples: [...comparison.samples, { name: 'flags', attributes: {}, operands: [flags([6], { seed: 1 }), flags([6], { seed: 2 })] }],
    errors: comparison.errors,
  },
  less: { samples: comparison.samples, errors: [...comparison.errors, refusal('flags', [signature([2], 'bool'), signature([2], 'bool')], 'float32', 'bool')] },
  and: {
    samples: [{ name: 'flags', attributes: {}, operands: [given([0, 0, 1, 1], [2, 2], 'bool'), given([0, 1, 0, 1], [2, 2], 'bool')] }],
    errors: [
      refusal('unequal shapes', [signature([2], 'bool'), signature([3], 'bool')], '[2]', '[3]'),
      refusal('numbers', [signature([2]), signature([2])], 'bool', 'float32'),
    ],
  },
  where: {
    samples: [
      { name: 'numbers', attributes: {}, operands: [flags([2, 3]), distinct([2, 3], { seed: 1 }), distinct([2, 3], { seed: 2 })] },
      { name: 'whole numbers', attributes: {}, operands: [flags([4]), integers([4], { seed: 1 }), integers([4], { seed: 2 })] },
      { name: 'a not-a-number that is not chosen', attributes: {}, operands: [given([1, 0], [2], 'bool'), given([1, Number.NaN]), given([Number.NaN, 2])], gradients: [null, [1, 0], [0, 1]] },
    ],
    errors: [
      refusal('unequal values', [signature([2], 'bool'), signature([2]), signature([3])], '[2]', '[3]'),
      refusal('a condition of another shape', [signature([3], 'bool'), signature([2]), signature([2])], '[3]', '[2]'),
      refusal('numbers for a condition', [signature([2]), signature([2]), signature([2])], 'bool', 'float32'),
    ],
  },
} satisfies { readonly [P in Primitive]?: PrimitiveInfo<P> };
