import type { DType } from '../dtype.js';
import type { ConvolutionAttributes, WindowAttributes } from '../primitives/primitive.js';
import { sameShape, sizeOf, type Shape } from '../shape.js';
import { plain, record, recordingCounts } from './record.js';
import type { Value } from './value.js';

// Primitives as functions of values: what derivatives and composites are written in. Steps that would change nothing are left out here.

type Unary = 'neg' | 'abs' | 'sign' | 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sigmoid' | 'relu' | 'floor' | 'not';
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'max' | 'min' | 'equal' | 'less' | 'and';
type Reduction = 'reduceSum' | 'reduceMax' | 'reduceMin' | 'reduceProd';

export function unary(primitive: Unary, x: Value): Value {
  return record(primitive, plain, [x]);
}

export function constant(value: number, dtype: DType): Value {
  return record('constant', { value, dtype }, []);
}

/** The number a value is everywhere, where that is known while recording. */
export function constantOf(x: Value): number | undefined {
  // A call is looked into for more than a number.
  const step = x.call ? undefined : x.step;
  if (step?.primitive === 'constant') return (step.attributes as { value: number }).value;
  if (step?.primitive === 'broadcastTo' || step?.primitive === 'reshape') return constantOf(step.operands[0]!);
  return undefined;
}

/** A constant of any shape. */
export function filled(value: number, shape: Shape, dtype: DType): Value {
  return broadcastTo(constant(value, dtype), shape);
}

/** Arithmetic of two known numbers, done while recording. */
const folds: { readonly [B in Binary]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** A binary primitive on operands of one shape. Adding 0 and multiplying by 1 record nothing. */
export function binary(primitive: Binary, a: Value, b: Value): Value {
  if (sameShape(a.shape, b.shape) && a.dtype === b.dtype) {
    const left = constantOf(a);
    const right = constantOf(b);
    const fold = folds[primitive];
    const simpler =
      left !== undefined && right !== undefined && fold && a.dtype === 'float32' ? filled(Math.fround(fold(left, right)), a.shape, a.dtype)
      : right === 0 && (primitive === 'add' || primitive === 'sub') ? a
      : left === 0 && primitive === 'add' ? b
      : right === 1 && (primitive === 'mul' || primitive === 'div' || primitive === 'pow') ? a
      : left === 1 && primitive === 'mul' ? b
      : undefined;
    if (simpler) {
      recordingCounts.folded++;
      return simpler;
    }
  }
  return record(primitive, plain, [a, b]);
}

/** a + b of equal shapes. */
export const add = (a: Value, b: Value): Value => binary('add', a, b);
/** a − b of equal shapes. */
export const sub = (a: Value, b: Value): Value => binary('sub', a, b);
/** a · b of equal shapes. */
export const mul = (a: Value, b: Value): Value => binary('mul', a, b);
/** a / b of equal shapes. */
export const div = (a: Value, b: Value): Value => binary('div', a, b);
/** −x. */
export const neg = (x: Value): Value => unary('neg', x);

/** x times a number. */
export function scale(x: Value, factor: number): Value {
  return mul(x, filled(factor, x.shape, x.dtype));
}

/** A number minus x. */
export function minusFrom(value: number, x: Value): Value {
  return sub(filled(value, x.shape, x.dtype), x);
}

export function where(condition: Value, a: Value, b: Value): Value {
  return record('where', plain, [condition, a, b]);
}

/** x where the condition holds, 0 elsewhere. */
export function keepWhere(condition: Value, x: Value): Value {
  return where(condition, x, filled(0, x.shape, x.dtype));
}

export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : record('cast', { dtype }, [x]);
}

/** A reshape of a reshape stays two steps: skipping the one between would lose it as an input that somebody differentiates with respect to. */
export function reshape(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : record('reshape', { shape: [...shape] }, [x]);
}

/** Axes in the order of `permutation`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return permutation.every((axis, i) => axis === i) && permutation.length === x.shape.length ? x : record('transpose', { permutation: [...permutation] }, [x]);
}

/** Axes repeated up to `shape`. */
export function broadcastTo(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : record('broadcastTo', { shape: [...shape] }, [x]);
}

export function slice(x: Value, begin: readonly number[], end: readonly number[], steps: readonly number[]): Value {
  const whole = x.shape.every((dimension, axis) => begin[axis] === 0 && end[axis] === dimension && steps[axis] === 1);
  return whole ? x : record('slice', { begin: [...begin], end: [...end], steps: [...steps] }, [x]);
}

export function pad(x: Value, before: readonly number[], after: readonly number[], value: number): Value {
  const nothing = before.every((n) => n === 0) && after.every((n) => n === 0);
  return nothing ? x : record('pad', { before: [...before], after: [...after], value }, [x]);
}

export function concat(values: readonly Value[], axis: number): Value {
  return values.length === 1 ? values[0]! : record('concat', { axis }, values);
}

export function reverse(x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : record('reverse', { axes: [...axes] }, [x]);
}

/** Reduces the axes away. */
export function reduce(primitive: Reduction, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  // Axes of length 1 need no arithmetic.
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, x.shape.filter((_, axis) => !axes.includes(axis)));
  return record(primitive, { axes: [...axes].sort((a, b) => a - b) }, [x]);
}

/** The shape with the reduced axes kept as 1. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
}

/** Spreads a reduced value back over the axes that were reduced. */
export function expandReduced(reduced: Value, shape: Shape, axes: readonly number[]): Value {
  return broadcastTo(reshape(reduced, keptShape(shape, axes)), shape);
}

/** Sums a value of a broadcast result down to the shape that was broadcast. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const offset = x.shape.length - shape.length;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis < offset || (shape[axis - offset] === 1 && x.shape[axis] !== 1));
  return reshape(reduce('reduceSum', x, axes), shape);
}

export function matmul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
  return record('matmul', { transposeA, transposeB }, [a, b]);
}

export function gather(data: Value, indices: Value, axis: number): Value {
  return record('gather', { axis }, [data, indices]);
}

export function scatterAdd(data: Value, indices: Value, updates: Value, axis: number): Value {
  return record('scatterAdd', { axis }, [data, indices, updates]);
}

export function conv(x: Value, weight: Value, attributes: ConvolutionAttributes): Value {
  return record('conv', attributes, [x, weight]);
}

export function convInputGradient(gradient: Value, weight: Value, attributes: ConvolutionAttributes, spatial: readonly number[]): Value {
  return record('convInputGradient', { ...attributes, spatial: [...spatial] }, [gradient, weight]);
}

export function convWeightGradient(x: Value, gradient: Value, attributes: ConvolutionAttributes, kernel: readonly number[]): Value {
  return record('convWeightGradient', { ...attributes, kernel: [...kernel] }, [x, gradient]);
}

export function maxPool(x: Value, attributes: WindowAttributes): Value {
  return record('maxPool', attributes, [x]);
}

export function maxPoolGradient(x: Value, pooled: Value, gradient: Value, attributes: WindowAttributes): Value {
  return record('maxPoolGradient', attributes, [x, pooled, gradient]);
}

/** Elements a reduction brings together into one. */
export function reducedCount(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]!));
}
