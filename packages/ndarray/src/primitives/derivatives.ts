import {
  binary, cast, constantOf, conv, convInputGradient, convWeightGradient, div, expandReduced, filled, gather, keepWhere, matmul, maxPoolGradient,
  minusFrom, mul, neg, pad, reshape, reverse, scale, scatterAdd, slice, sub, sumTo, transpose, unary, where,
} from '../recording/steps.js';
import type { Value } from '../recording/value.js';
import { pickMaxima } from './pooling-derivative.js';
import type { ConvolutionAttributes, Primitive, PrimitiveAttributes } from './primitive.js';

/** One differentiated step: `y` is the result, `g` the gradient with respect to it. */
export interface DerivativeCall<P extends Primitive> {
  readonly attributes: PrimitiveAttributes[P];
  readonly operands: readonly Value[];
  readonly y: Value;
  readonly g: Value;
}

/**
 * Gradients for the operands, in order; null where nothing flows. With several operands each is a function, called only where somebody asks for that
 * one. `'none'`: the result is piecewise constant or no number to differentiate.
 */
export type Derivative<P extends Primitive> = 'none' | ((call: DerivativeCall<P>) => readonly OperandGradient[]);
export type OperandGradient = Value | (() => Value) | null;

/**
 * g times 1 where the condition holds, 0 elsewhere: half the time of choosing between g and 0. Only for conditions that decide which operand a result
 * was taken from; behind a user's own condition there may be an infinite gradient that nobody asked for.
 */
function masked(g: Value, condition: Value): Value {
  return mul(g, cast(condition, g.dtype));
}

/** Where the left operand is chosen, ties included (MXNet's `_maximum`, `_minimum`): it gets the whole gradient. */
function chosen(g: Value, leftLoses: Value): readonly OperandGradient[] {
  return [() => masked(g, unary('not', leftLoses)), () => masked(g, leftLoses)];
}

/** The extremum's gradient goes to every tied element (MXNet's `max`, `min` over axes). */
function extremum({ attributes: { axes }, operands: [x], y, g }: DerivativeCall<'reduceMax' | 'reduceMin'>): readonly OperandGradient[] {
  return [keepWhere(binary('equal', x!, expandReduced(y, x!.shape, axes)), expandReduced(g, x!.shape, axes))];
}

function inverse(permutation: readonly number[]): number[] {
  const result = new Array<number>(permutation.length);
  permutation.forEach((axis, i) => (result[axis] = i));
  return result;
}

/** The plain attributes of a convolution among those of its gradients. */
function convolutionOf({ strides, padsBefore, padsAfter, dilations, groups }: ConvolutionAttributes): ConvolutionAttributes {
  return { strides, padsBefore, padsAfter, dilations, groups };
}

/** How each primitive's gradient is recorded, in primitives again: so derivatives have derivatives. */
export const derivatives: { readonly [P in Primitive]: Derivative<P> } = {
  constant: 'none',
  iota: 'none',
  neg: ({ g }) => [neg(g)],
  abs: ({ operands: [x], g }) => [mul(g, unary('sign', x!))],
  sign: 'none',
  exp: ({ y, g }) => [mul(g, y)],
  log: ({ operands: [x], g }) => [div(g, x!)],
  // d √x = 1 / (2√x)
  sqrt: ({ y, g }) => [div(scale(g, 0.5), y)],
  sin: ({ operands: [x], g }) => [mul(g, unary('cos', x!))],
  cos: ({ operands: [x], g }) => [neg(mul(g, unary('sin', x!)))],
  // d tanh = 1 − tanh²
  tanh: ({ y, g }) => [mul(g, minusFrom(1, mul(y, y)))],
  // d erf = 2/√π · e^(−x²)
  erf: ({ operands: [x], g }) => [mul(g, scale(unary('exp', neg(mul(x!, x!))), 2 / Math.sqrt(Math.PI)))],
  // d σ = σ(1 − σ)
  sigmoid: ({ y, g }) => [mul(g, mul(y, minusFrom(1, y)))],
  // 1 where y > 0, else 0
  relu: ({ y, g }) => [masked(g, binary('less', filled(0, y.shape, y.dtype), y))],
  floor: 'none',
  not: 'none',
  cast: ({ attributes: { dtype }, operands: [x], g }) => [x!.dtype === 'float32' && dtype === 'float32' ? g : null],
  alias: 'none',
  kept: ({ g }) => [g],
  withDerivative: ({ operands: [, , slope], g }) => [null, () => mul(g, slope!), null],
  add: ({ g }) => [g, g],
  sub: ({ g }) => [g, () => neg(g)],
  // d x² = 2x
  mul: ({ operands: [a, b], g }) => (a === b ? [mul(scale(g, 2), a!), null] : [() => mul(g, b!), () => mul(g, a!)]),
  div: ({ operands: [, b], y, g }) => [() => div(g, b!), () => neg(div(mul(g, y), b!))],
  // d aᵇ = b·aᵇ⁻¹ da + aᵇ·ln a db
  pow: ({ operands: [a, b], y, g }) => [
    () => mul(g, mul(b!, binary('pow', a!, sub(b!, filled(1, b!.shape, b!.dtype))))),
    constantOf(b!) === undefined ? () => mul(g, mul(y, unary('log', a!))) : null,
  ],
  max: ({ operands: [a, b], g }) => chosen(g, binary('less', a!, b!)),
  min: ({ operands: [a, b], g }) => chosen(g, binary('less', b!, a!)),
  equal: 'none',
  less: 'none',
  and: 'none',
  where: ({ operands: [condition], g }) => [null, () => keepWhere(condition!, g), () => where(condition!, filled(0, g.shape, g.dtype), g)],
  reshape: ({ operands: [x], g }) => [reshape(g, x!.shape)],
  transpose: ({ attributes: { permutation }, g }) => [transpose(g, inverse(permutation))],
  broadcastTo: ({ operands: [x], g }) => [sumTo(g, x!.shape)],
  slice: ({ attributes: { begin, steps }, operands: [x], g }) => {
    const strided = steps.some((step) => step !== 1);
    const spread = strided ? spreadOut(g, steps) : g;
    return [pad(spread, begin, x!.shape.map((dimension, axis) => dimension - begin[axis]! - spread.shape[axis]!), 0)];
  },
  pad: ({ attributes: { before }, operands: [x], g }) => [
    slice(g, before, before.map((start, axis) => start + x!.shape[axis]!), before.map(() => 1)),
  ],
  concat: ({ attributes: { axis }, operands, g }) => {
    let start = 0;
    return operands.map(({ shape }) => {
      const begin = shape.map((_, i) => (i === axis ? start : 0));
      start += shape[axis]!;
      return () => slice(g, begin, shape.map((dimension, i) => begin[i]! + dimension), shape.map(() => 1));
    });
  },
  reverse: ({ attributes: { axes }, g }) => [reverse(g, axes)],
  reduceSum: ({ attributes: { axes }, operands: [x], g }) => [expandReduced(g, x!.shape, axes)],
  reduceMax: extremum,
  reduceMin: extremum,
  // d Πx = Πx / x, away from zeros
  reduceProd: ({ attributes: { axes }, operands: [x], y, g }) => [div(expandReduced(mul(g, y), x!.shape, axes), x!)],
  argMax: 'none',
  topK: 'none',
  matmul: ({ attributes: { transposeA, transposeB }, operands: [a, b], g }) => [
    () => (transposeA ? matmul(b!, g, transposeB, true) : matmul(g, b!, false, !transposeB)),
    () => (transposeB ? matmul(g, a!, true, transposeA) : matmul(a!, g, !transposeA, false)),
  ],
  conv: ({ attributes, operands: [x, weight], g }) => [
    () => convInputGradient(g, weight!, attributes, x!.shape.slice(2)),
    () => convWeightGradient(x!, g, attributes, weight!.shape.slice(2)),
  ],
  convInputGradient: ({ attributes, operands: [gradient, weight], g }) => [
    () => conv(g, weight!, convolutionOf(attributes)),
    () => convWeightGradient(g, gradient!, convolutionOf(attributes), weight!.shape.slice(2)),
  ],
  convWeightGradient: ({ attributes, operands: [x, gradient], g }) => [
    () => convInputGradient(gradient!, g, convolutionOf(attributes), x!.shape.slice(2)),
    () => conv(x!, g, convolutionOf(attributes)),
  ],
  maxPool: ({ attributes, operands: [x], y, g }) => [maxPoolGradient(x!, y, g, attributes)],
  maxPoolGradient: ({ attributes, operands: [x, pooled], g }) => [null, null, () => pickMaxima(x!, g, attributes, pooled!.shape)],
  regionArgMax: 'none',
  gather: ({ attributes: { axis }, operands: [data, indices], g }) => [
    scatterAdd(filled(0, data!.shape, data!.dtype), indices!, g, axis), null,
  ],
  scatterAdd: ({ attributes: { axis }, operands: [, indices], g }) => [g, null, () => gather(g, indices!, axis)],
};

/** Puts step − 1 zeros between neighbours along each axis. */
function spreadOut(x: Value, steps: readonly number[]): Value {
  let result = x;
  steps.forEach((step, axis) => {
    if (step === 1) return;
    const { shape } = result;
    const length = shape[axis]!;
    const apart = reshape(result, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
    const zeros = shape.map(() => 0);
    const padded = pad(apart, [...zeros, 0], [...zeros.slice(0, axis + 1), step - 1, ...zeros.slice(axis + 1)], 0);
    const joined = reshape(padded, [...shape.slice(0, axis), length * step, ...shape.slice(axis + 1)]);
    const end = joined.shape.map((dimension, i) => (i === axis ? Math.max(0, (length - 1) * step + 1) : dimension));
    result = slice(joined, joined.shape.map(() => 0), end, joined.shape.map(() => 1));
  });
  return result;
}

