import type { DType } from '../dtype.js';
import { NDArray, valueOf, type ArrayLike } from '../ndarray.js';
import { arithmetic, choose, comparison, lift, logical, type Arithmetic, type Comparison } from '../recording/broadcast.js';
import { plain, record } from '../recording/record.js';
import { cast as castValue, unary } from '../recording/steps.js';

const arithmeticOf = (primitive: Arithmetic) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(arithmetic(primitive, valueOf(a), valueOf(b)));
const comparisonOf = (name: Comparison) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(comparison(name, valueOf(a), valueOf(b)));
const unaryOf = (primitive: Parameters<typeof unary>[0]) => (x: ArrayLike): NDArray => new NDArray(unary(primitive, lift(valueOf(x), 0)));

// Arithmetic of two arrays or numbers, broadcast by NumPy's rules.
export const add = arithmeticOf('add');
export const sub = arithmeticOf('sub');
export const mul = arithmeticOf('mul');
export const div = arithmeticOf('div');
export const pow = arithmeticOf('pow');
/** The larger of two; at ties the left one, which then gets the whole gradient (MXNet `_maximum`). */
export const maximum = arithmeticOf('max');
/** The smaller of two; at ties the left one, which then gets the whole gradient (MXNet `_minimum`). */
export const minimum = arithmeticOf('min');

// Comparisons give `bool`; no gradient flows through them.
export const equal = comparisonOf('equal');
export const notEqual = comparisonOf('notEqual');
export const less = comparisonOf('less');
export const lessEqual = comparisonOf('lessEqual');
export const greater = comparisonOf('greater');
export const greaterEqual = comparisonOf('greaterEqual');

export const logicalAnd = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('and', a.value, b.value));
export const logicalOr = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('or', a.value, b.value));
export const logicalNot = unaryOf('not');

export const neg = unaryOf('neg');
export const abs = unaryOf('abs');
export const sign = unaryOf('sign');
export const exp = unaryOf('exp');
export const log = unaryOf('log');
export const sqrt = unaryOf('sqrt');
export const sin = unaryOf('sin');
export const cos = unaryOf('cos');
export const tanh = unaryOf('tanh');
export const erf = unaryOf('erf');
export const sigmoid = unaryOf('sigmoid');
/** max(0, x), with gradient 0 at 0. */
export const relu = unaryOf('relu');
export const floor = unaryOf('floor');

export function square(x: NDArray): NDArray {
  return mul(x, x);
}

export function reciprocal(x: NDArray): NDArray {
  return div(1, x);
}

/** Elements of `a` where the condition (bool) holds, of `b` elsewhere. */
export function where(condition: NDArray, a: ArrayLike, b: ArrayLike): NDArray {
  return new NDArray(choose(condition.value, valueOf(a), valueOf(b)));
}

/** Limits x to [low, high]; the gradient passes where low ≤ x ≤ high (MXNet `clip`). */
export function clip(x: NDArray, low: number, high: number): NDArray {
  return minimum(maximum(x, low), high);
}

/** Converts the elements; towards integers by dropping the fraction, towards bool by comparing with 0. */
export function cast(x: NDArray, dtype: DType): NDArray {
  return x.cast(dtype);
}

/** Drops the fraction: towards zero. */
export function truncate(x: NDArray): NDArray {
  return new NDArray(castValue(castValue(x.value, 'int32'), x.dtype));
}

let lastTag = 0;

/** The same numbers as a distinct value, past which nothing is differentiated. Nothing is computed. */
export function alias(x: NDArray): NDArray {
  return new NDArray(record('alias', { tag: ++lastTag }, [x.value]));
}

/**
 * The numbers of y, a function of x, with a derivative by declaration: that of y with respect to x is `slope`, whatever y was recorded from. For functions
 * whose derivative is simpler than what the chain rule makes of them (softplus: sigmoid). The slope may depend on x: derivatives of derivatives go
 * through it. All three have one shape.
 */
export function withDerivative(y: NDArray, x: NDArray, slope: NDArray): NDArray {
  return new NDArray(record('withDerivative', plain, [y.value, x.value, slope.value]));
}

/** The same numbers, taken as constant by derivatives (MXNet `BlockGrad`). */
export function stopGradient(x: NDArray): NDArray {
  return new NDArray(record('alias', { tag: 0 }, [x.value]));
}
