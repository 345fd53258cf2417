import { allocate, type DType } from '../../dtype.js';
import type { Primitive, PrimitiveAttributes } from '../../primitives/primitive.js';
import type { Signature } from '../../primitives/shape-rules.js';
import { sizeOf } from '../../shape.js';
import { lowerConv, lowerConvInputGradient, lowerConvWeightGradient } from './convolution.js';
import type { KernelBuilder, Slot } from './kernel-builder.js';
import { axisIn, reducedLayout, type Layout } from './layout.js';
import { broadcastSlots, type Operand } from './lower-program.js';
import { lowerMatmul } from './matmul.js';
import { lowerMaxPool, lowerMaxPoolGradient } from './pooling.js';
import { lowerRegionArgMax } from './regions.js';

/** What a lowering has to work with. It returns the slot of the result. */
export interface LoweringCall<P extends Primitive> {
  readonly builder: KernelBuilder;
  readonly attributes: PrimitiveAttributes[P];
  readonly operands: readonly Operand[];
  readonly result: Signature;
  /** How the result is to lie in memory: as `chooseLayouts` says. */
  readonly layout: Layout;
}

export type Lowering<P extends Primitive> = (call: LoweringCall<P>) => Slot;

/** A kernel of one operand and no attributes. */
const unary = (kernel: string): Lowering<Primitive> => ({ builder, operands: [x], layout }) => builder.op(kernel, { x: x!.slot(layout) });

/** A kernel of two operands that broadcasts them. */
const binary = (kernel: string): Lowering<Primitive> => ({ builder, operands, result, layout }) => {
  const [a, b] = broadcastSlots(builder, operands, result.shape, layout) as [Slot, Slot];
  return builder.op(kernel, { a, b });
};

const reduction = (kernel: string, axesName: 'axis' | 'reductionIndices') =>
  ({ builder, attributes: { axes }, operands: [x], layout }: LoweringCall<'reduceSum' | 'reduceMax' | 'reduceMin' | 'reduceProd'>): Slot => {
    const rank = x!.shape.length;
    const from = reducedLayout(x!.layout, rank, axes) === layout ? x!.layout : 'plain';
    if (axes.length === 0) return x!.slot(from);
    return builder.op(kernel, { x: x!.slot(from) }, { [axesName]: axes.map((axis) => axisIn(from, axis, rank)), keepDims: false });
  };

/** Kernel calls for every primitive, by TensorFlow.js's kernel names. */
export const lowerings: { readonly [P in Primitive]: Lowering<P> } = {
  constant: ({ builder, attributes: { value, dtype } }) => builder.constant(allocate(dtype, 1).fill(value), [], dtype),
  iota: ({ builder, attributes: { length } }) => builder.constant(Int32Array.from({ length }, (_, i) => i), [length], 'int32'),
  neg: (call) => (call.result.dtype === 'int32' ? negateWhole(call.builder, call.operands[0]!.slot(call.layout)) : unary('Neg')(call)),
  abs: (call) => (call.result.dtype === 'int32' ? absoluteWhole(call.builder, call.operands[0]!.slot(call.layout)) : unary('Abs')(call)),
  sign: unary('Sign'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  sin: unary('Sin'),
  cos: unary('Cos'),
  tanh: unary('Tanh'),
  erf: unary('Erf'),
  sigmoid: unary('Sigmoid'),
  relu: unary('Relu'),
  floor: unary('Floor'),
  not: unary('LogicalNot'),
  cast: ({ builder, attributes: { dtype }, operands: [x], layout }) => convert(builder, x!, x!.slot(layout), dtype),
  alias: ({ operands: [x], layout }) => x!.slot(layout),
  kept: ({ operands: [x], layout }) => x!.slot(layout),
  withDerivative: ({ operands: [y], layout }) => y!.slot(layout),
  add: binary('Add'),
  sub: binary('Sub'),
  mul: binary('Multiply'),
  div: (call) => (call.result.dtype === 'int32' ? divideTowardsZero(call) : binary('RealDiv')(call)),
  pow: binary('Pow'),
  max: binary('Maximum'),
  min: binary('Minimum'),
  equal: binary('Equal'),
  less: binary('Less'),
  and: binary('LogicalAnd'),
  where: ({ builder, operands: [condition, t, e], layout }) => builder.op('Select', { condition: condition!.slot(layout), t: t!.slot(layout), e: e!.slot(layout) }),
  reshape: ({ builder, attributes: { shape }, operands: [x] }) => builder.reshape(x!.slot('plain'), x!.shape, shape),
  transpose: ({ builder, attributes: { permutation }, operands: [x] }) => builder.transpose(x!.slot('plain'), x!.shape, permutation),
  broadcastTo: ({ builder, attributes: { shape }, operands: [x] }) => {
    const full = [...new Array<number>(shape.length - x!.shape.length).fill(1), ...x!.shape];
    const slot = builder.reshape(x!.slot('plain'), x!.shape, full);
    const reps = shape.map((length, axis) => (full[axis] === 1 ? length : 1));
    return reps.every((count) => count === 1) ? slot : builder.op('Tile', { x: slot }, { reps });
  },
  slice: ({ builder, attributes: { begin, end, steps }, operands: [x], result }) => {
    const cut = (slot: Slot): Slot => (steps.every((step) => step === 1) ? builder.slice(slot, x!.shape, begin, result.shape) : builder.stridedSlice(slot, begin, end, steps));
    if (x!.dtype !== 'bool') return cut(x!.slot('plain'));
    // The wasm back end takes flags for whole numbers here.
    return builder.op('NotEqual', { a: cut(builder.op('Cast', { x: x!.slot('plain') }, { dtype: 'int32' })), b: builder.constant(new Int32Array(1), [], 'int32') });
  },
  pad: ({ builder, attributes: { before, after, value }, operands: [x] }) => builder.pad(x!.slot('plain'), before, after, value),
  concat: ({ builder, attributes: { axis }, operands }) =>
    operands.length === 1 ? operands[0]!.slot('plain') : builder.op('Concat', operands.map((operand) => operand.slot('plain')), { axis }),
  reverse: ({ builder, attributes: { axes }, operands: [x] }) => (axes.length === 0 ? x!.slot('plain') : builder.op('Reverse', { x: x!.slot('plain') }, { dims: [...axes] })),
  reduceSum: reduction('Sum', 'axis'),
  reduceMax: reduction('Max', 'reductionIndices'),
  reduceMin: reduction('Min', 'axis'),
  reduceProd: reduction('Prod', 'axis'),
  argMax: ({ builder, attributes: { axis }, operands: [x] }) => builder.op('ArgMax', { x: x!.slot('plain') }, { axis }),
  topK: ({ builder, attributes: { axis, count, largest }, operands: [x], result }) => {
    // TopK works on the last axis and knows the largest alone.
    const rank = x!.shape.length;
    const last = [...range(rank).filter((i) => i !== axis), axis];
    const moved = builder.transpose(x!.slot('plain'), x!.shape, last);
    const [, positions] = builder.opMany('TopK', { x: largest ? moved : builder.op('Neg', { x: moved }) }, { k: count, sorted: true }, 2);
    return builder.transpose(positions!, last.map((i) => result.shape[i]!), range(rank).map((i) => last.indexOf(i)));
  },
  matmul: lowerMatmul,
  conv: lowerConv,
  convInputGradient: lowerConvInputGradient,
  convWeightGradient: lowerConvWeightGradient,
  maxPool: lowerMaxPool,
  maxPoolGradient: lowerMaxPoolGradient,
  regionArgMax: lowerRegionArgMax,
  gather: ({ builder, attributes: { axis }, operands: [data, indices] }) =>
    builder.op('GatherV2', { x: data!.slot('plain'), indices: indices!.slot('plain') }, { axis, batchDims: 0 }),
  scatterAdd: ({ builder, attributes: { axis }, operands: [data, indices, updates] }) => {
    // ScatterNd works on the leading axis, and adds where places meet: bring the axis there and back.
    const rank = data!.shape.length;
    const indexRank = indices!.shape.length;
    const front = [axis, ...range(rank).filter((i) => i !== axis)];
    const updatesFront = [...range(indexRank).map((i) => i + axis), ...range(updates!.shape.length).filter((i) => i < axis || i >= axis + indexRank)];
    const frontShape = front.map((i) => data!.shape[i]!);
    const count = sizeOf(indices!.shape);
    const rest = sizeOf(frontShape.slice(1));
    const moved = builder.transpose(updates!.slot('plain'), updates!.shape, updatesFront);
    const rows = builder.reshape(moved, updatesFront.map((i) => updates!.shape[i]!), [count, rest]);
    const positions = builder.reshape(indices!.slot('plain'), indices!.shape, [count, 1]);
    const added = builder.op('ScatterNd', { indices: positions, updates: rows }, { shape: [frontShape[0]!, rest] });
    const back = builder.transpose(builder.reshape(added, [frontShape[0]!, rest], frontShape), frontShape, range(rank).map((i) => front.indexOf(i)));
    return builder.op('Add', { a: data!.slot('plain'), b: back });
  },
};

/** TensorFlow.js has no uint8: bytes lie in int32. */
function convert(builder: KernelBuilder, { dtype: from }: Operand, x: Slot, to: DType): Slot {
  const storage = { float32: 'float32', int32: 'int32', uint8: 'int32', bool: 'bool' } as const;
  if (storage[from] === storage[to]) return x;
  if (to !== 'bool') return builder.op('Cast', { x }, { dtype: storage[to] });
  return builder.op('NotEqual', { a: x, b: builder.constant(allocate(from, 1), [], from) });
}

/** Back ends compute functions of one whole number in float32, which loses digits, and those of two in int32. */
function negateWhole(builder: KernelBuilder, x: Slot): Slot {
  return builder.op('Sub', { a: builder.constant(new Int32Array(1), [], 'int32'), b: x });
}

function absoluteWhole(builder: KernelBuilder, x: Slot): Slot {
  return builder.op('Maximum', { a: x, b: negateWhole(builder, x) });
}

/** Division of whole numbers drops the remainder; TensorFlow.js's rounds down. */
function divideTowardsZero({ builder, operands, result, layout }: LoweringCall<'div'>): Slot {
  const [a, b] = broadcastSlots(builder, operands, result.shape, layout) as [Slot, Slot];
  const sign = builder.op('Multiply', { a: builder.op('Sign', { x: a }), b: builder.op('Sign', { x: b }) });
  return builder.op('Multiply', { a: builder.op('FloorDiv', { a: absoluteWhole(builder, a), b: absoluteWhole(builder, b) }), b: sign });
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
