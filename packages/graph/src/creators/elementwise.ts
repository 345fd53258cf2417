import { addNOperator } from '../operators/elementwise/add-n.js';
import { broadcastOperators } from '../operators/elementwise/binary.js';
import { castOperator } from '../operators/elementwise/cast.js';
import { blockGradOperator, identityOperator } from '../operators/elementwise/identity.js';
import { clipOperator, hardSigmoidOperator, smoothL1Operator, unaryOperators } from '../operators/elementwise/unary.js';
import { creator, listCreator } from './creator.js';

// Elementwise functions of one input; shapes stay as they are.

/** −x. */
export const negative = creator(unaryOperators.negative, ['data']);
/** |x|; derivative 0 at 0. */
export const abs = creator(unaryOperators.abs, ['data']);
/** −1, 0 or 1. */
export const sign = creator(unaryOperators.sign, ['data']);
/** x². */
export const square = creator(unaryOperators.square, ['data']);
/** √x. */
export const sqrt = creator(unaryOperators.sqrt, ['data']);
/** 1 / √x. */
export const rsqrt = creator(unaryOperators.rsqrt, ['data']);
/** ∛x. */
export const cbrt = creator(unaryOperators.cbrt, ['data']);
/** 1 / ∛x. */
export const rcbrt = creator(unaryOperators.rcbrt, ['data']);
/** 1 / x. */
export const reciprocal = creator(unaryOperators.reciprocal, ['data']);
/** eˣ. */
export const exp = creator(unaryOperators.exp, ['data']);
/** eˣ − 1. */
export const expm1 = creator(unaryOperators.expm1, ['data']);
/** Natural logarithm. */
export const log = creator(unaryOperators.log, ['data']);
/** Logarithm to base 2. */
export const log2 = creator(unaryOperators.log2, ['data']);
/** Logarithm to base 10. */
export const log10 = creator(unaryOperators.log10, ['data']);
/** log(1 + x). */
export const log1p = creator(unaryOperators.log1p, ['data']);
/** Sine. */
export const sin = creator(unaryOperators.sin, ['data']);
/** Cosine. */
export const cos = creator(unaryOperators.cos, ['data']);
/** Tangent. */
export const tan = creator(unaryOperators.tan, ['data']);
/** Inverse sine. */
export const arcsin = creator(unaryOperators.arcsin, ['data']);
/** Inverse cosine. */
export const arccos = creator(unaryOperators.arccos, ['data']);
/** Inverse tangent. */
export const arctan = creator(unaryOperators.arctan, ['data']);
/** Hyperbolic sine. */
export const sinh = creator(unaryOperators.sinh, ['data']);
/** Hyperbolic cosine. */
export const cosh = creator(unaryOperators.cosh, ['data']);
/** Inverse hyperbolic sine. */
export const arcsinh = creator(unaryOperators.arcsinh, ['data']);
/** Inverse hyperbolic cosine, for x ≥ 1. */
export const arccosh = creator(unaryOperators.arccosh, ['data']);
/** Inverse hyperbolic tangent, for |x| < 1. */
export const arctanh = creator(unaryOperators.arctanh, ['data']);
/** Radians as degrees. */
export const degrees = creator(unaryOperators.degrees, ['data']);
/** Degrees as radians. */
export const radians = creator(unaryOperators.radians, ['data']);
/** Hyperbolic tangent. */
export const tanh = creator(unaryOperators.tanh, ['data']);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = creator(unaryOperators.sigmoid, ['data']);
/** max(0, x); derivative 0 at 0. */
export const relu = creator(unaryOperators.relu, ['data']);
/** x / (1 + |x|). */
export const softsign = creator(unaryOperators.softsign, ['data']);
/** The error function. */
export const erf = creator(unaryOperators.erf, ['data']);
/** Γ(x), for x > −7. */
export const gamma = creator(unaryOperators.gamma, ['data']);
/** log|Γ(x)|, for x > −7. */
export const gammaln = creator(unaryOperators.gammaln, ['data']);
/** The next whole number below. */
export const floor = creator(unaryOperators.floor, ['data']);
/** The next whole number above. */
export const ceil = creator(unaryOperators.ceil, ['data']);
/** The whole part, towards 0. */
export const fix = creator(unaryOperators.fix, ['data']);
/** The nearest whole number, half away from 0. */
export const round = creator(unaryOperators.round, ['data']);
/** The nearest whole number, half towards −∞. */
export const rint = creator(unaryOperators.rint, ['data']);
/** Zeros of x's shape. */
export const zerosLike = creator(unaryOperators.zeros_like, ['data']);
/** Ones of x's shape. */
export const onesLike = creator(unaryOperators.ones_like, ['data']);

/** α·x + β, cut to [0, 1]. */
export const hardSigmoid = creator(hardSigmoidOperator, ['data']);
/** x limited to [aMin, aMax]; the gradient passes where x lies within, bounds included. */
export const clip = creator(clipOperator, ['data']);
/** With σ = scalar and b = 1/σ²: |x| − b/2 where |x| > b, else σ²x²/2 (Girshick 2015). */
export const smoothL1 = creator(smoothL1Operator, ['data']);
/** The same numbers and the same gradient. */
export const identity = creator(identityOperator, ['data'], 'identity');
/** The same numbers, through which no gradient flows. */
export const blockGrad = creator(blockGradOperator, ['data']);
/** `blockGrad` under MXNet's other name. */
export const stopGradient = creator(blockGradOperator, ['data'], 'stop_gradient');
/** The sum of inputs of one shape. */
export const addN = listCreator(addNOperator, 'num_args');

// Functions of lhs and rhs with NumPy's broadcasting. Without it: the arithmetic methods of Symbol.

/** lhs + rhs. */
export const broadcastAdd = creator(broadcastOperators.add, ['lhs', 'rhs']);
/** lhs − rhs. */
export const broadcastSub = creator(broadcastOperators.sub, ['lhs', 'rhs']);
/** lhs · rhs. */
export const broadcastMul = creator(broadcastOperators.mul, ['lhs', 'rhs']);
/** lhs / rhs. */
export const broadcastDiv = creator(broadcastOperators.div, ['lhs', 'rhs']);
/** The remainder of lhs / rhs, with rhs's sign. */
export const broadcastMod = creator(broadcastOperators.mod, ['lhs', 'rhs']);
/** lhs to the power of rhs. */
export const broadcastPower = creator(broadcastOperators.power, ['lhs', 'rhs']);
/** The larger one; at ties lhs gets the gradient. */
export const broadcastMaximum = creator(broadcastOperators.maximum, ['lhs', 'rhs']);
/** The smaller one; at ties lhs gets the gradient. */
export const broadcastMinimum = creator(broadcastOperators.minimum, ['lhs', 'rhs']);
/** √(lhs² + rhs²). */
export const broadcastHypot = creator(broadcastOperators.hypot, ['lhs', 'rhs']);
/** 1 where lhs = rhs, else 0. */
export const broadcastEqual = creator(broadcastOperators.equal, ['lhs', 'rhs']);
/** 1 where lhs ≠ rhs, else 0. */
export const broadcastNotEqual = creator(broadcastOperators.not_equal, ['lhs', 'rhs']);
/** 1 where lhs > rhs, else 0. */
export const broadcastGreater = creator(broadcastOperators.greater, ['lhs', 'rhs']);
/** 1 where lhs ≥ rhs, else 0. */
export const broadcastGreaterEqual = creator(broadcastOperators.greater_equal, ['lhs', 'rhs']);
/** 1 where lhs < rhs, else 0. */
export const broadcastLesser = creator(broadcastOperators.lesser, ['lhs', 'rhs']);
/** 1 where lhs ≤ rhs, else 0. */
export const broadcastLesserEqual = creator(broadcastOperators.lesser_equal, ['lhs', 'rhs']);
/** 1 where both are not 0, with broadcasting. */
export const broadcastLogicalAnd = creator(broadcastOperators.logical_and, ['lhs', 'rhs']);
/** 1 where one of them is not 0, with broadcasting. */
export const broadcastLogicalOr = creator(broadcastOperators.logical_or, ['lhs', 'rhs']);
/** 1 where exactly one of them is not 0, with broadcasting. */
export const broadcastLogicalXor = creator(broadcastOperators.logical_xor, ['lhs', 'rhs']);
/** 1 where x is 0. */
export const logicalNot = creator(unaryOperators.logical_not, ['data']);
/** The numbers of another type: a whole one drops the fraction; computed in float32. */
export const cast = creator(castOperator, ['data']);
