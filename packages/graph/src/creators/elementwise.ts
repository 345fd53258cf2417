import { addNOperator } from '../operators/elementwise/add-n.js';
import { broadcastOperators } from '../operators/elementwise/binary.js';
import { castOperator } from '../operators/elementwise/cast.js';
import { blockGradOperator, identityOperator } from '../operators/elementwise/identity.js';
import { clipOperator, hardSigmoidOperator, smoothL1Operator, unaryOperators } from '../operators/elementwise/unary.js';
import { creator, listCreator } from './creator.js';

// Elementwise functions of one input; shapes stay as they are.

/** −x; in data's shape (MXNet `negative`). */
export const negative = creator(unaryOperators.negative, ['data']);
/** |x|; derivative 0 at 0; in data's shape (MXNet `abs`). */
export const abs = creator(unaryOperators.abs, ['data']);
/** −1, 0 or 1; derivative 0; in data's shape (MXNet `sign`). */
export const sign = creator(unaryOperators.sign, ['data']);
/** x²; in data's shape (MXNet `square`). */
export const square = creator(unaryOperators.square, ['data']);
/** √x; derivative ∞ at 0; in data's shape (MXNet `sqrt`). */
export const sqrt = creator(unaryOperators.sqrt, ['data']);
/** 1 / √x; in data's shape (MXNet `rsqrt`). */
export const rsqrt = creator(unaryOperators.rsqrt, ['data']);
/** ∛x; in data's shape (MXNet `cbrt`). */
export const cbrt = creator(unaryOperators.cbrt, ['data']);
/** 1 / ∛x; in data's shape (MXNet `rcbrt`). */
export const rcbrt = creator(unaryOperators.rcbrt, ['data']);
/** 1 / x; in data's shape (MXNet `reciprocal`). */
export const reciprocal = creator(unaryOperators.reciprocal, ['data']);
/** eˣ; in data's shape (MXNet `exp`). */
export const exp = creator(unaryOperators.exp, ['data']);
/** eˣ − 1; in data's shape (MXNet `expm1`). */
export const expm1 = creator(unaryOperators.expm1, ['data']);
/** Natural logarithm; in data's shape (MXNet `log`). */
export const log = creator(unaryOperators.log, ['data']);
/** Logarithm to base 2; in data's shape (MXNet `log2`). */
export const log2 = creator(unaryOperators.log2, ['data']);
/** Logarithm to base 10; in data's shape (MXNet `log10`). */
export const log10 = creator(unaryOperators.log10, ['data']);
/** log(1 + x); in data's shape (MXNet `log1p`). */
export const log1p = creator(unaryOperators.log1p, ['data']);
/** Sine of radians; in data's shape (MXNet `sin`). */
export const sin = creator(unaryOperators.sin, ['data']);
/** Cosine of radians; in data's shape (MXNet `cos`). */
export const cos = creator(unaryOperators.cos, ['data']);
/** Tangent of radians; in data's shape (MXNet `tan`). */
export const tan = creator(unaryOperators.tan, ['data']);
/** Inverse sine, −π/2 to π/2, for |x| ≤ 1; in data's shape (MXNet `arcsin`). */
export const arcsin = creator(unaryOperators.arcsin, ['data']);
/** Inverse cosine, 0 to π, for |x| ≤ 1; in data's shape (MXNet `arccos`). */
export const arccos = creator(unaryOperators.arccos, ['data']);
/** Inverse tangent, −π/2 to π/2; in data's shape (MXNet `arctan`). */
export const arctan = creator(unaryOperators.arctan, ['data']);
/** Hyperbolic sine; in data's shape (MXNet `sinh`). */
export const sinh = creator(unaryOperators.sinh, ['data']);
/** Hyperbolic cosine; in data's shape (MXNet `cosh`). */
export const cosh = creator(unaryOperators.cosh, ['data']);
/** Inverse hyperbolic sine; in data's shape (MXNet `arcsinh`). */
export const arcsinh = creator(unaryOperators.arcsinh, ['data']);
/** Inverse hyperbolic cosine, for x ≥ 1; in data's shape (MXNet `arccosh`). */
export const arccosh = creator(unaryOperators.arccosh, ['data']);
/** Inverse hyperbolic tangent, for |x| < 1; in data's shape (MXNet `arctanh`). */
export const arctanh = creator(unaryOperators.arctanh, ['data']);
/** Radians as degrees; in data's shape (MXNet `degrees`). */
export const degrees = creator(unaryOperators.degrees, ['data']);
/** Degrees as radians; in data's shape (MXNet `radians`). */
export const radians = creator(unaryOperators.radians, ['data']);
/** Hyperbolic tangent; in data's shape (MXNet `tanh`). */
export const tanh = creator(unaryOperators.tanh, ['data']);
/** 1 / (1 + e⁻ˣ); in data's shape (MXNet `sigmoid`). */
export const sigmoid = creator(unaryOperators.sigmoid, ['data']);
/** max(0, x); derivative 0 at 0; in data's shape (MXNet `relu`). */
export const relu = creator(unaryOperators.relu, ['data']);
/** x / (1 + |x|); in data's shape (MXNet `softsign`). */
export const softsign = creator(unaryOperators.softsign, ['data']);
/** The error function; in data's shape (MXNet `erf`). */
export const erf = creator(unaryOperators.erf, ['data']);
/** Γ(x), for x > −7; in data's shape (MXNet `gamma`). */
export const gamma = creator(unaryOperators.gamma, ['data']);
/** log|Γ(x)|, for x > −7; in data's shape (MXNet `gammaln`). */
export const gammaln = creator(unaryOperators.gammaln, ['data']);
/** The next whole number towards −∞; derivative 0; in data's shape (MXNet `floor`). */
export const floor = creator(unaryOperators.floor, ['data']);
/** The next whole number towards ∞; derivative 0; in data's shape (MXNet `ceil`). */
export const ceil = creator(unaryOperators.ceil, ['data']);
/** The whole part, towards 0; derivative 0; in data's shape (MXNet `fix`). */
export const fix = creator(unaryOperators.fix, ['data']);
/** The nearest whole number, half away from 0; derivative 0; in data's shape (MXNet `round`). */
export const round = creator(unaryOperators.round, ['data']);
/** The nearest whole number, half towards −∞; derivative 0; in data's shape (MXNet `rint`). */
export const rint = creator(unaryOperators.rint, ['data']);
/** Zeros in data's shape; no gradient (MXNet `zeros_like`). */
export const zerosLike = creator(unaryOperators.zeros_like, ['data']);
/** Ones in data's shape; no gradient (MXNet `ones_like`). */
export const onesLike = creator(unaryOperators.ones_like, ['data']);

/** alpha·x + beta, cut to [0, 1]; `alpha` 0.2, `beta` 0.5; in data's shape (MXNet `hard_sigmoid`). */
export const hardSigmoid = creator(hardSigmoidOperator, ['data']);
/** x limited to [aMin, aMax]; the gradient passes where x lies within, bounds included; in data's shape (MXNet `clip`). */
export const clip = creator(clipOperator, ['data']);
/** With σ = `scalar` (1) and b = 1/σ²: |x| − b/2 where |x| > b, else σ²x²/2; in data's shape (Girshick 2015; MXNet `smooth_l1`). */
export const smoothL1 = creator(smoothL1Operator, ['data']);
/** The same numbers and the same gradient, in data's shape (MXNet `identity`, in JSON `_copy`). */
export const identity = creator(identityOperator, ['data'], 'identity');
/** The same numbers, through which no gradient flows, in data's shape; as an output it needs no head gradient (MXNet `BlockGrad`). */
export const blockGrad = creator(blockGradOperator, ['data']);
/** `blockGrad` under MXNet's other name, `stop_gradient`, which also is the base of automatic names. */
export const stopGradient = creator(blockGradOperator, ['data'], 'stop_gradient');
/**
 * The sum of inputs of one shape, in that shape (MXNet `add_n`, `ElementWiseSum`).
 *
 * @throws RangeError without inputs and, when shapes are inferred, where they differ.
 */
export const addN = listCreator(addNOperator, 'num_args');

// Functions of lhs and rhs with NumPy's broadcasting. Without it: the arithmetic methods of Symbol.

/** lhs + rhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_add`). */
export const broadcastAdd = creator(broadcastOperators.add, ['lhs', 'rhs']);
/** lhs − rhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_sub`). */
export const broadcastSub = creator(broadcastOperators.sub, ['lhs', 'rhs']);
/** lhs · rhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_mul`). */
export const broadcastMul = creator(broadcastOperators.mul, ['lhs', 'rhs']);
/** lhs / rhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_div`). */
export const broadcastDiv = creator(broadcastOperators.div, ['lhs', 'rhs']);
/**
 * The remainder of lhs / rhs, with the sign of rhs; derivative 1 for lhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not
 * fit (MXNet `broadcast_mod`).
 */
export const broadcastMod = creator(broadcastOperators.mod, ['lhs', 'rhs']);
/** lhs to the power of rhs; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_power`). */
export const broadcastPower = creator(broadcastOperators.power, ['lhs', 'rhs']);
/**
 * The larger one; at ties lhs gets the gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_maximum`).
 */
export const broadcastMaximum = creator(broadcastOperators.maximum, ['lhs', 'rhs']);
/**
 * The smaller one; at ties lhs gets the gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_minimum`).
 */
export const broadcastMinimum = creator(broadcastOperators.minimum, ['lhs', 'rhs']);
/** √(lhs² + rhs²); broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_hypot`). */
export const broadcastHypot = creator(broadcastOperators.hypot, ['lhs', 'rhs']);
/**
 * 1 where lhs = rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_equal`).
 */
export const broadcastEqual = creator(broadcastOperators.equal, ['lhs', 'rhs']);
/**
 * 1 where lhs ≠ rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_not_equal`).
 */
export const broadcastNotEqual = creator(broadcastOperators.not_equal, ['lhs', 'rhs']);
/**
 * 1 where lhs > rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_greater`).
 */
export const broadcastGreater = creator(broadcastOperators.greater, ['lhs', 'rhs']);
/**
 * 1 where lhs ≥ rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_greater_equal`).
 */
export const broadcastGreaterEqual = creator(broadcastOperators.greater_equal, ['lhs', 'rhs']);
/**
 * 1 where lhs < rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet `broadcast_lesser`).
 */
export const broadcastLesser = creator(broadcastOperators.lesser, ['lhs', 'rhs']);
/**
 * 1 where lhs ≤ rhs, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_lesser_equal`).
 */
export const broadcastLesserEqual = creator(broadcastOperators.lesser_equal, ['lhs', 'rhs']);
/**
 * 1 where neither is 0, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_logical_and`).
 */
export const broadcastLogicalAnd = creator(broadcastOperators.logical_and, ['lhs', 'rhs']);
/**
 * 1 where not both are 0, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_logical_or`).
 */
export const broadcastLogicalOr = creator(broadcastOperators.logical_or, ['lhs', 'rhs']);
/**
 * 1 where exactly one is 0, else 0; no gradient; broadcast by NumPy's rules, a RangeError when shapes are inferred where they do not fit (MXNet
 * `broadcast_logical_xor`).
 */
export const broadcastLogicalXor = creator(broadcastOperators.logical_xor, ['lhs', 'rhs']);
/** 1 where x is 0, else 0; no gradient; in data's shape (MXNet `logical_not`). */
export const logicalNot = creator(unaryOperators.logical_not, ['data']);
/**
 * The numbers as another type, in data's shape: a whole one drops the fraction. Everything is computed in float32, and the gradient passes (MXNet `Cast`).
 */
export const cast = creator(castOperator, ['data']);
