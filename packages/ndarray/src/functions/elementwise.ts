import type { DType } from '../dtype.js';
import { NDArray, valueOf, type ArrayLike } from '../ndarray.js';
import { arithmetic, choose, comparison, lift, logical, type Arithmetic, type Comparison } from '../recording/broadcast.js';
import { plain, record } from '../recording/record.js';
import { cast as castValue, unary } from '../recording/steps.js';

const arithmeticOf = (primitive: Arithmetic) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(arithmetic(primitive, valueOf(a), valueOf(b)));
const comparisonOf = (name: Comparison) => (a: ArrayLike, b: ArrayLike): NDArray => new NDArray(comparison(name, valueOf(a), valueOf(b)));
const unaryOf = (primitive: Parameters<typeof unary>[0]) => (x: ArrayLike): NDArray => new NDArray(unary(primitive, lift(valueOf(x), 0)));

/**
 * a + b of arrays or numbers, broadcast by NumPy's rules: shapes are aligned at the last axis, and each pair of lengths is equal or holds a 1 (MXNet
 * `broadcast_add`). Both are float32 or both int32.
 *
 * @throws RangeError for shapes that do not broadcast, for different element types, and for bool and uint8: cast first. So do all functions of two arrays
 * here.
 */
export const add = arithmeticOf('add');
/** a − b, broadcast; operands and errors as `add` (MXNet `broadcast_sub`). */
export const sub = arithmeticOf('sub');
/** a · b, broadcast; operands and errors as `add` (MXNet `broadcast_mul`). */
export const mul = arithmeticOf('mul');
/** a / b, broadcast; operands and errors as `add`; ±∞ or NaN where b is 0 (MXNet `broadcast_div`). */
export const div = arithmeticOf('div');
/** a to the power b, broadcast; float32 only, else a RangeError; no gradient for b where b is a number (MXNet `broadcast_power`). */
export const pow = arithmeticOf('pow');
/** The larger of two, broadcast; at ties the left one, which then gets the whole gradient; operands and errors as `add` (MXNet `_maximum`). */
export const maximum = arithmeticOf('max');
/** The smaller of two, broadcast; at ties the left one, which then gets the whole gradient; operands and errors as `add` (MXNet `_minimum`). */
export const minimum = arithmeticOf('min');

/**
 * Where a = b, as `bool`, broadcast; no gradient flows through comparisons. Takes bool too; errors as `add` (MXNet `broadcast_equal`, which gives floats).
 */
export const equal = comparisonOf('equal');
/** Where a ≠ b, as `bool`, broadcast; true where either is NaN; operands and errors as `equal` (MXNet `broadcast_not_equal`, which gives floats). */
export const notEqual = comparisonOf('notEqual');
/** Where a < b, as `bool`, broadcast; false where either is NaN; operands and errors as `add` (MXNet `broadcast_lesser`, which gives floats). */
export const less = comparisonOf('less');
/** Where a ≤ b, as `bool`, broadcast; false where either is NaN; operands and errors as `add` (MXNet `broadcast_lesser_equal`, which gives floats). */
export const lessEqual = comparisonOf('lessEqual');
/** Where a > b, as `bool`, broadcast; false where either is NaN; operands and errors as `add` (MXNet `broadcast_greater`, which gives floats). */
export const greater = comparisonOf('greater');
/** Where a ≥ b, as `bool`, broadcast; false where either is NaN; operands and errors as `add` (MXNet `broadcast_greater_equal`, which gives floats). */
export const greaterEqual = comparisonOf('greaterEqual');

/** Where both `bool` arrays hold, as `bool`, broadcast; a RangeError for other types (MXNet `broadcast_logical_and`, which takes floats). */
export const logicalAnd = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('and', a.value, b.value));
/** Where either `bool` array holds, as `bool`, broadcast; a RangeError for other types (MXNet `broadcast_logical_or`, which takes floats). */
export const logicalOr = (a: NDArray, b: NDArray): NDArray => new NDArray(logical('or', a.value, b.value));
/** Where a `bool` array does not hold, as `bool`, in x's shape; a RangeError for other types (MXNet `logical_not`, which takes floats). */
export const logicalNot = unaryOf('not');

/** −x, in x's shape; float32 or int32, else a RangeError (MXNet `negative`). */
export const neg = unaryOf('neg');
/** |x|, in x's shape; gradient sign(x), 0 at 0; float32 or int32, else a RangeError (MXNet `abs`). */
export const abs = unaryOf('abs');
/** −1, 0 or 1, in x's shape; gradient 0; float32 or int32, else a RangeError (MXNet `sign`). */
export const sign = unaryOf('sign');
/** eˣ, in x's shape; float32, else a RangeError (MXNet `exp`). */
export const exp = unaryOf('exp');
/** Natural logarithm, in x's shape: −∞ at 0, NaN below; float32, else a RangeError (MXNet `log`). */
export const log = unaryOf('log');
/** √x, in x's shape: NaN below 0, gradient ∞ at 0; float32, else a RangeError (MXNet `sqrt`). */
export const sqrt = unaryOf('sqrt');
/** Sine of radians, in x's shape; float32, else a RangeError (MXNet `sin`). */
export const sin = unaryOf('sin');
/** Cosine of radians, in x's shape; float32, else a RangeError (MXNet `cos`). */
export const cos = unaryOf('cos');
/** Hyperbolic tangent, −1 to 1, in x's shape; float32, else a RangeError (MXNet `tanh`). */
export const tanh = unaryOf('tanh');
/** Error function 2/√π ∫₀ˣ e^(−t²) dt, −1 to 1, in x's shape; float32, else a RangeError (MXNet `erf`). */
export const erf = unaryOf('erf');
/** 1 / (1 + e⁻ˣ), 0 to 1, finite for every x, in x's shape; float32, else a RangeError (MXNet `sigmoid`). */
export const sigmoid = unaryOf('sigmoid');
/** max(0, x), in x's shape; gradient 0 at 0; float32, else a RangeError (MXNet `relu`). */
export const relu = unaryOf('relu');
/** The next whole number towards −∞, in x's shape; gradient 0; float32, else a RangeError (MXNet `floor`). */
export const floor = unaryOf('floor');

/** x², in x's shape; float32 or int32 (MXNet `square`). */
export function square(x: NDArray): NDArray {
  return mul(x, x);
}

/** 1 / x, in x's shape; ±∞ at 0 (MXNet `reciprocal`). */
export function reciprocal(x: NDArray): NDArray {
  return div(1, x);
}

/**
 * Elements of `a` where the condition (`bool`) holds, of `b` elsewhere; all three broadcast, the gradient goes to whichever was taken (MXNet `where`).
 *
 * @throws RangeError for shapes that do not broadcast, for a condition that is not bool, and where a and b differ in element type.
 */
export function where(condition: NDArray, a: ArrayLike, b: ArrayLike): NDArray {
  return new NDArray(choose(condition.value, valueOf(a), valueOf(b)));
}

/** x limited to [low, high], in x's shape; the gradient passes where low ≤ x ≤ high (MXNet `clip`). */
export function clip(x: NDArray, low: number, high: number): NDArray {
  return minimum(maximum(x, low), high);
}

/**
 * The elements as another type, in x's shape: towards integers the fraction is dropped, towards bool they are compared with 0. No gradient passes between
 * types (MXNet `Cast`).
 */
export function cast(x: NDArray, dtype: DType): NDArray {
  return x.cast(dtype);
}

/** The fraction dropped, towards zero, in x's shape; gradient 0. By way of int32, so for |x| < 2³¹ (MXNet `fix`). */
export function truncate(x: NDArray): NDArray {
  return new NDArray(castValue(castValue(x.value, 'int32'), x.dtype));
}

let lastTag = 0;

/** The same numbers as a distinct value, past which nothing is differentiated, in x's shape. Nothing is computed. */
export function alias(x: NDArray): NDArray {
  return new NDArray(record('alias', { tag: ++lastTag }, [x.value]));
}

/**
 * The numbers of y, a function of x, with a derivative by declaration: that of y with respect to x is `slope`, whatever y was recorded from. For functions
 * whose derivative is simpler than what the chain rule makes of them (softplus: sigmoid). The slope may depend on x: derivatives of derivatives go through
 * it.
 *
 * @throws RangeError unless all three are float32 and have one shape.
 */
export function withDerivative(y: NDArray, x: NDArray, slope: NDArray): NDArray {
  return new NDArray(record('withDerivative', plain, [y.value, x.value, slope.value]));
}

/** The same numbers, in x's shape, taken as constant by derivatives (MXNet `BlockGrad`). */
export function stopGradient(x: NDArray): NDArray {
  return new NDArray(record('alias', { tag: 0 }, [x.value]));
}
