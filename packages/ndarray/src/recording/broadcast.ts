import { broadcastShapes, formatShape, normalizeAxis } from '../shape.js';
import { binary, broadcastTo, constant, div, filled, keptShape, reduce, reducedCount, reshape, unary, where } from './steps.js';
import type { Value } from './value.js';

export type Comparison = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
export type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'max' | 'min';

/** A number becomes a constant of the other side's element type. */
export function lift(operand: Value | number, like: Value | number): Value {
  if (typeof operand !== 'number') return operand;
  return constant(operand, typeof like === 'number' ? 'float32' : like.dtype);
}

/** Brings two operands to their common shape. */
function align(name: string, left: Value | number, right: Value | number): readonly [Value, Value] {
  const a = lift(left, right);
  const b = lift(right, left);
  const shape = broadcastShapes(a.shape, b.shape);
  if (!shape) {
    throw new RangeError(`${name}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast; each axis, counted from the last, must be equal or 1: reshape one of them`);
  }
  return [broadcastTo(a, shape), broadcastTo(b, shape)];
}

export function arithmetic(primitive: Arithmetic, left: Value | number, right: Value | number): Value {
  const [a, b] = align(primitive, left, right);
  return binary(primitive, a, b);
}

const comparisons: { readonly [C in Comparison]: (a: Value, b: Value) => Value } = {
  equal: (a, b) => binary('equal', a, b),
  notEqual: (a, b) => unary('not', binary('equal', a, b)),
  less: (a, b) => binary('less', a, b),
  // Not by negating: with NaN on either side every comparison but `notEqual` is false.
  lessEqual: (a, b) => either(binary('less', a, b), binary('equal', a, b)),
  greater: (a, b) => binary('less', b, a),
  greaterEqual: (a, b) => either(binary('less', b, a), binary('equal', a, b)),
};

/** Logical or, by de Morgan. */
export function either(a: Value, b: Value): Value {
  return unary('not', binary('and', unary('not', a), unary('not', b)));
}

export function comparison(name: Comparison, left: Value | number, right: Value | number): Value {
  return comparisons[name](...align(name, left, right));
}

export function logical(name: 'and' | 'or', left: Value, right: Value): Value {
  const [a, b] = align(name, left, right);
  return name === 'and' ? binary('and', a, b) : either(a, b);
}

export function choose(condition: Value, left: Value | number, right: Value | number): Value {
  const [a, b] = align('where', left, right);
  const shape = broadcastShapes(condition.shape, a.shape);
  if (!shape) {
    throw new RangeError(`where: condition ${formatShape(condition.shape)} and values ${formatShape(a.shape)} do not broadcast; reshape one of them`);
  }
  return where(broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape));
}

/** Axes to reduce, and whether they stay. */
export interface ReductionOptions {
  /** Axes to reduce; all unless given. Negative ones count from the last. */
  readonly axes?: number | readonly number[];
  /** Whether the reduced axes stay with length 1; false unless given. */
  readonly keepDims?: boolean;
}

export type ReductionName = 'sum' | 'mean' | 'max' | 'min' | 'prod';

const reducers = { sum: 'reduceSum', mean: 'reduceSum', max: 'reduceMax', min: 'reduceMin', prod: 'reduceProd' } as const;

export function reduction(name: ReductionName, x: Value, { axes, keepDims = false }: ReductionOptions = {}): Value {
  const listed = axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
  const normalized = [...new Set(listed.map((axis) => normalizeAxis(axis, x.shape.length, name)))];
  const count = reducedCount(x.shape, normalized);
  if (count === 0 && name !== 'sum' && name !== 'prod') throw new RangeError(`${name}: ${formatShape(x.shape)} has no elements to reduce`);
  const reduced = reduce(reducers[name], x, normalized);
  const result = name === 'mean' ? div(reduced, filled(count, reduced.shape, reduced.dtype)) : reduced;
  return keepDims ? reshape(result, keptShape(x.shape, normalized)) : result;
}

