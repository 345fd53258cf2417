import type { DType } from '../dtype.js';
import { NDArray, valueOf, type ArrayLike } from '../ndarray.js';
import { arithmetic, choose, comparison, lift, logical, type Arithmetic, type Comparison } from '../recording/broadcast.js';
import { plain, record } from '../recording/record.js';
import { cast as castValue, unary } from '../recording/steps.js';

const arithmeticOf = (primitive: Arithmetic) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(arithmetic(primitive, valueOf(a), valueOf(b)));
const comparisonOf = (name: Comparison) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(comparison(name, valueOf(a), valueOf(b)));
const unaryOf = (primitive: Parameters<typeof unary>[0]) => (x: ArrayLike): NDArray => new NDArray(unary(primitive, lift(valueOf(x), 0)));

/**
 * a + b of arrays or numbers, broadcast by NumPy's rules (MXNet `broadcast_add`).
 *
 * @throws RangeError for shapes that do not broadcast, TypeError for different types.
 */
export const add = arithmeticOf('add');
/** a − b, broadcast (MXNet `broadcast_sub`). */
export const sub = arithmeticOf('sub');
/** a · b, broadcast (MXNet `broadcast_mul`). */
export const mul = arithmeticOf('mul');
/** a / b, broadcast (MXNet `broadcast_div`). */
export const div = arithmeticOf('div');
/** a to the power b, broadcast (MXNet `broadcast_power`). */
export const pow = arithmeticOf('pow');
/** The larger of two; at ties the left one, which then gets the whole gradient (MXNet `_maximum`). */
export const maximum = arithmeticOf('max');
/** The smaller of two; at ties the left one, which then gets the whole gradient (MXNet `_minimum`). */
export const minimum = arithmeticOf('min');

/** Where a = b, as `bool`, broadcast; no gradient flows through comparisons (MXNet `broadcast_equal`). */
export const equal = comparisonOf('equal');
/** Where a ≠ b, as `bool`, broadcast (MXNet `broadcast_not_equal`). */
export const notEqual = comparisonOf('notEqual');
/** Where a < b, as `bool`, broadcast (MXNet `broadcast_lesser`). */
export const less = comparisonOf('less');
/** Where a ≤ b, as `bool`, broadcast (MXNet `broadcast_lesser_equal`). */
export const lessEqual = comparisonOf('lessEqual');
/** Where a > b, as `bool`, broadcast (MXNet `broadcast_greater`). */
export const greater = comparisonOf('greater');
/** Where a ≥ b, as `bool`, broadcast (MXNet `broadcast_greater_equal`). */
export const greaterEqual = comparisonOf('greaterEqual');

/** Where both `bool` arrays hold, broadcast. */
export const logicalAnd = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('and', a.value, b.value));
/** Where either `bool` array holds, broadcast. */
export const logicalOr = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('or', a.value, b.value));
/** Where a `bool` array does not hold. */
export const logicalNot = unaryOf('not');

/** −x of every element (MXNet `negative`). */
export const neg = unaryOf('neg');
/** |x|; gradient sign(x), 0 at 0 (MXNet `abs`). */
export const abs = unaryOf('abs');
/** −1, 0 or 1; gradient 0 (MXNet `sign`). */
export const sign = unaryOf('sign');
/** eˣ (MXNet `exp`). */
export const exp = unaryOf('exp');
/** Natural logarithm (MXNet `log`). */
export const log = unaryOf('log');
/** Square root (MXNet `sqrt`). */
export const sqrt = unaryOf('sqrt');
/** Sine of radians (MXNet `sin`). */
export const sin = unaryOf('sin');
/** Cosine of radians (MXNet `cos`). */
export const cos = unaryOf('cos');
/** Hyperbolic tangent (MXNet `tanh`). */
export const tanh = unaryOf('tanh');
/** Error function (MXNet `erf`). */
export const erf = unaryOf('erf');
/** 1 / (1 + e⁻ˣ), finite for every x (MXNet `sigmoid`). */
export const sigmoid = unaryOf('sigmoid');
/** max(0, x), with gradient 0 at 0. */
export const relu = unaryOf('relu');
/** The next whole number towards −∞; gradient 0 (MXNet `floor`). */
export const floor = unaryOf('floor');

/** x² (MXNet `square`). */
export function square(x: NDArray): NDArray {
  return mul(x, x);
}

/** 1 / x (MXNet `reciprocal`). */
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
