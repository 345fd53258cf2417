import type { Primitive, PrimitiveAttributes } from '../../primitives/primitive.js';
import type { Signature } from '../../primitives/shape-rules.js';
import { lowerAdd } from './bias.js';
import { lowerConv, lowerConvInputGradient, lowerConvWeightGradient } from './convolution.js';
import type { GraphBuilder } from './graph-builder.js';
import { sizeOf } from '../../shape.js';
import { batchLastAxis, batchLastShape, type Layout } from './layout.js';
import { broadcastNames, nameToBroadcast, type Operand } from './lower-program.js';
import { lowerMin, lowerSign } from './limits.js';
import { lowerMatmul } from './matmul.js';
import { lowerMaxPool, lowerMaxPoolGradient } from './pooling.js';
import { lowerRegionArgMax, lowerRegionMax } from './regions.js';

/** What a lowering has to work with. It returns the name of the result. */
export interface LoweringCall<P extends Primitive> {
  readonly builder: GraphBuilder;
  readonly attributes: PrimitiveAttributes[P];
  readonly operands: readonly Operand[];
  readonly result: Signature;
  /** How the result is to lie in memory. Only steps that `chooseLayouts` moves, and those that can be had either way, are asked for batch-last results. */
  readonly layout: Layout;
}

export type Lowering<P extends Primitive> = (call: LoweringCall<P>) => string;

/** An ONNX operator of one operand and no attributes. */
const unary = (type: string): Lowering<Primitive> => ({ builder, operands: [x], layout }) => builder.op(type, [x!.name(layout)]);

/** An ONNX operator that broadcasts its operands. */
const elementwise = (type: string): Lowering<Primitive> => ({ builder, operands, result, layout }) =>
  builder.op(type, broadcastNames(builder, operands, result.shape, layout));

const reduction = (type: string) => ({ builder, attributes: { axes }, operands: [x], layout }: LoweringCall<'reduceSum' | 'reduceMax' | 'reduceMin' | 'reduceProd'>): string => {
  // With the batch reduced away the other axes stand as recorded.
  const from = axes.includes(0) ? x!.layout : layout;
  const counted = from === 'plain' ? axes : axes.map((axis) => batchLastAxis(axis, x!.shape.length));
  return builder.op(type, [x!.name(from), builder.int64(counted)], { keepdims: 0 });
};

/** `ends` value that means "to the very start" for a slice that walks backwards. */
const beforeStart = -2147483648;

/** Plain ONNX operators for every primitive: every ordinary build of ONNX Runtime has them. */
export const lowerings: { readonly [P in Primitive]: Lowering<P> } = {
  constant: ({ builder, attributes: { value, dtype } }) => builder.number(value, dtype),
  iota: ({ builder, attributes: { length } }) => builder.int32(Int32Array.from({ length }, (_, i) => i)),
  neg: unary('Neg'),
  abs: unary('Abs'),
  sign: lowerSign,
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
  not: unary('Not'),
  cast: ({ builder, attributes: { dtype }, operands: [x], layout }) => builder.op('Cast', [x!.name(layout)], { to: castCodes[dtype] }),
  alias: ({ operands: [x] }) => x!.name('plain'),
  kept: ({ operands: [x] }) => x!.name('plain'),
  withDerivative: ({ operands: [y] }) => y!.name('plain'),
  add: lowerAdd,
  sub: elementwise('Sub'),
  mul: elementwise('Mul'),
  div: elementwise('Div'),
  pow: elementwise('Pow'),
  max: elementwise('Max'),
  min: lowerMin,
  equal: elementwise('Equal'),
  less: elementwise('Less'),
  and: elementwise('And'),
  where: elementwise('Where'),
  reshape: ({ builder, attributes: { shape }, operands: [x], layout }) => builder.reshape(x!.name(layout), layout === 'plain' ? shape : batchLastShape(shape)),
  transpose: ({ builder, attributes: { permutation }, operands: [x] }) => builder.op('Transpose', [x!.name('plain')], { perm: permutation }),
  broadcastTo: ({ builder, attributes: { shape }, operands: [x], layout }) =>
    builder.op('Expand', [nameToBroadcast(builder, x!, shape.length, layout), builder.int64(layout === 'plain' ? shape : batchLastShape(shape))]),
  slice: ({ builder, attributes: { begin, end, steps }, operands: [x] }) => {
    const axes = x!.shape.map((_, axis) => axis).filter((axis) => begin[axis] !== 0 || end[axis] !== x!.shape[axis] || steps[axis] !== 1);
    const pick = (values: readonly number[]): string => builder.int64(axes.map((axis) => values[axis]!));
    return builder.op('Slice', [x!.name('plain'), pick(begin), pick(end), builder.int64(axes), pick(steps)]);
  },
  pad: ({ builder, attributes: { before, after, value }, operands: [x] }) =>
    builder.op('Pad', [x!.name('plain'), builder.int64([...before, ...after]), builder.number(value, x!.dtype)]),
  concat: ({ builder, attributes: { axis }, operands }) => builder.op('Concat', operands.map((operand) => operand.name('plain')), { axis }),
  reverse: ({ builder, attributes: { axes }, operands: [x] }) => {
    const each = (value: number): string => builder.int64(axes.map(() => value));
    return builder.op('Slice', [x!.name('plain'), each(-1), each(beforeStart), builder.int64(axes), each(-1)]);
  },
  reduceSum: reduction('ReduceSum'),
  reduceMax: reduction('ReduceMax'),
  reduceMin: reduction('ReduceMin'),
  reduceProd: reduction('ReduceProd'),
  argMax: ({ builder, attributes: { axis }, operands: [x] }) => builder.op('Cast', [builder.op('ArgMax', [x!.name('plain')], { axis, keepdims: 0 })], { to: castCodes.int32 }),
  topK: ({ builder, attributes: { axis, count, largest }, operands: [x] }) => {
    const [, positions] = builder.opMany('TopK', [x!.name('plain'), builder.int64([count])], 2, { axis, largest: largest ? 1 : 0, sorted: 1 });
    return builder.op('Cast', [positions!], { to: castCodes.int32 });
  },
  matmul: lowerMatmul,
  conv: lowerConv,
  convInputGradient: lowerConvInputGradient,
  convWeightGradient: lowerConvWeightGradient,
  maxPool: lowerMaxPool,
  maxPoolGradient: lowerMaxPoolGradient,
  regionArgMax: lowerRegionArgMax,
  gather: (call) => {
    const maxima = lowerRegionMax(call);
    if (maxima !== undefined) return maxima;
    const { builder, attributes: { axis }, operands: [data, indices] } = call;
    if (data!.shape.length > 1) return builder.op('Gather', [data!.name('plain'), indices!.name('plain')], { axis });
    // Single numbers: a tenth of the time.
    const flat = builder.reshape(indices!.name('plain'), [sizeOf(indices!.shape)]);
    return builder.reshape(builder.op('GatherElements', [data!.name('plain'), flat], { axis: 0 }), indices!.shape);
  },
  scatterAdd: ({ builder, attributes: { axis }, operands: [data, indices, updates] }) => {
    if (data!.shape.length === 1 && builder.target !== 'webgpu') {
      // Single numbers: three quarters of the time.
      const [positions, values] = [indices!, updates!].map((each) => builder.reshape(each.name('plain'), [sizeOf(each.shape)])) as [string, string];
      return builder.op('ScatterElements', [data!.name('plain'), positions, values], { axis: 0, reduction: 'add' });
    }
    // ScatterND works on the leading axis: bring the axis there and back.
    const rank = data!.shape.length;
    const indexRank = indices!.shape.length;
    const front = [axis, ...range(rank).filter((i) => i !== axis)];
    const updatesFront = [...range(indexRank).map((i) => i + axis), ...range(updates!.shape.length).filter((i) => i < axis || i >= axis + indexRank)];
    const positions = builder.op('Cast', [builder.reshape(indices!.name('plain'), [...indices!.shape, 1])], { to: castCodes.int64 });
    const move = (name: string, perm: readonly number[]): string => (axis === 0 ? name : builder.op('Transpose', [name], { perm }));
    const result = builder.op('ScatterND', [move(data!.name('plain'), front), positions, move(updates!.name('plain'), updatesFront)], { reduction: 'add' });
    return move(result, range(rank).map((i) => front.indexOf(i)));
  },
};

const castCodes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
