import type { DType, Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { erf } from './erf.js';
import { build, type ReferenceArray } from './reference-array.js';

type Function1 = (x: number) => number;
type Function2 = (a: number, b: number) => number;

/** Keeps integers what they are: 32 bits that wrap around. */
function stored(value: number, dtype: DType): number {
  return dtype === 'int32' ? value | 0 : value;
}

const unary = (f: Function1) => (_: unknown, [x]: readonly ReferenceArray[]): ReferenceArray => build(x!.shape, x!.dtype, (_position, i) => stored(f(x!.data[i]!), x!.dtype));

const binary = (f: Function2, integer: Function2 = f) => (_: unknown, [a, b]: readonly ReferenceArray[]): ReferenceArray =>
  build(a!.shape, a!.dtype, (_position, i) => (a!.dtype === 'int32' ? integer : f)(a!.data[i]!, b!.data[i]!));

const test = (f: (a: number, b: number) => boolean) => (_: unknown, [a, b]: readonly ReferenceArray[]): ReferenceArray =>
  build(a!.shape, 'bool', (_position, i) => Number(f(a!.data[i]!, b!.data[i]!)));

const conversions: { readonly [D in DType]: Function1 } = {
  float32: (x) => x,
  int32: (x) => Math.trunc(x) | 0,
  uint8: (x) => Math.trunc(x) & 255,
  bool: (x) => Number(x !== 0),
};

function cast({ dtype }: PrimitiveAttributes['cast'], [x]: readonly ReferenceArray[]): ReferenceArray {
  return build(x!.shape, dtype, (_, i) => conversions[dtype](x!.data[i]!));
}

function where(_: unknown, [condition, a, b]: readonly ReferenceArray[]): ReferenceArray {
  return build(condition!.shape, a!.dtype, (_position, i) => (condition!.data[i] ? a!.data[i]! : b!.data[i]!));
}

export const elementwise = {
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  tanh: unary(Math.tanh),
  erf: unary(erf),
  // Each side in the form that does not overflow.
  sigmoid: unary((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  relu: unary((x) => Math.max(0, x)),
  floor: unary(Math.floor),
  not: unary((x) => Number(x === 0)),
  cast,
  alias: unary((x) => x),
  kept: unary((x) => x),
  withDerivative: unary((x) => x),
  add: binary((a, b) => a + b, (a, b) => (a + b) | 0),
  sub: binary((a, b) => a - b, (a, b) => (a - b) | 0),
  mul: binary((a, b) => a * b, Math.imul),
  div: binary((a, b) => a / b, (a, b) => Math.trunc(a / b)),
  pow: binary(Math.pow),
  max: binary(Math.max),
  min: binary(Math.min),
  equal: test((a, b) => a === b),
  less: test((a, b) => a < b),
  and: test((a, b) => a !== 0 && b !== 0),
  where,
} satisfies Partial<Record<Primitive, unknown>>;
