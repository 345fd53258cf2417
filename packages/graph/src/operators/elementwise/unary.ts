import { abs, cast, clip, cos, equal, erf, exp, floor, greaterEqual, log, mul, neg, pow, reciprocal, relu, sigmoid, sign, sin, sqrt, square, stopGradient, tanh, div, type NDArray } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { Operator } from '../operator.js';
import type { NoParameters } from '../parameter.js';
import { float } from '../parameters/index.js';

type Unary = (x: NDArray) => NDArray;

const ceil: Unary = (x) => neg(floor(neg(x)));
/** Towards zero. */
const fix: Unary = (x) => mul(sign(x), floor(abs(x)));
/** log(1 + eˣ): the largest exponent is taken out, as a constant, so that nothing overflows and the derivative stays σ(x). */
export const softplus: Unary = (x) => {
  const largest = stopGradient(relu(x));
  return log(exp(x.sub(largest)).add(exp(neg(largest)))).add(largest);
};
/** x / (1 + |x|) */
export const softsign: Unary = (x) => x.div(abs(x).add(1));

/** log|Γ(x)| by Stirling's series at x + 7, brought back by Γ(x + 1) = x·Γ(x). */
const gammaln: Unary = (x) => {
  const factors = Array.from({ length: stirlingShift }, (_, step) => log(abs(x.add(step))));
  return stirling(x).sub(factors.reduce((total, factor) => total.add(factor)));
};
const stirlingShift = 7;
const stirling: Unary = (x) => {
  const far = x.add(stirlingShift);
  const inverse = reciprocal(far);
  const series = inverse.mul(1 / 12).sub(pow(inverse, 3).div(360));
  return far.sub(0.5).mul(log(far)).sub(far).add(0.5 * Math.log(2 * Math.PI)).add(series);
};

/** Γ(x): the same series without the logarithm, so that its sign comes out. */
const gamma: Unary = (x) => {
  const factors = Array.from({ length: stirlingShift }, (_, step) => x.add(step));
  return exp(stirling(x)).div(factors.reduce((total, factor) => total.mul(factor)));
};

/** arctan x = 2·arctan(x / (1 + √(1 + x²))): three times over leaves an argument below 0.2, where five terms of the series are exact to float32. */
const arctan: Unary = (x) => {
  const half: Unary = (t) => t.div(sqrt(square(t).add(1)).add(1));
  const t = half(half(half(x)));
  const s = square(t);
  const series = [1 / 9, -1 / 7, 1 / 5, -1 / 3, 1].reduce<NDArray | number>((sum, term) => mul(s, sum).add(term), 0) as NDArray;
  return t.mul(series).mul(8);
};
/** 2·arctan(x / (1 + √(1 − x²))), which is finite at ±1 too. */
const arcsin: Unary = (x) => arctan(x.div(sqrt(neg(square(x)).add(1)).add(1))).mul(2);
/** ±log(|x| + √(x² + 1)), with a side for 0 too: its slope there is 1. */
const arcsinh: Unary = (x) => {
  const side = stopGradient(cast(greaterEqual(x, 0), 'float32').mul(2).sub(1));
  return side.mul(log(x.mul(side).add(sqrt(square(x).add(1)))));
};

/** Elementwise functions without parameters. */
const functions = {
  negative: neg,
  abs,
  sign,
  square,
  sqrt,
  rsqrt: (x) => reciprocal(sqrt(x)),
  cbrt: (x) => mul(sign(x), pow(abs(x), 1 / 3)),
  rcbrt: (x) => mul(sign(x), pow(abs(x), -1 / 3)),
  reciprocal,
  exp,
  expm1: (x) => exp(x).sub(1),
  log,
  log2: (x) => log(x).div(Math.LN2),
  log10: (x) => log(x).div(Math.LN10),
  log1p: (x) => log(x.add(1)),
  sin,
  cos,
  tan: (x) => div(sin(x), cos(x)),
  arcsin,
  arccos: (x) => neg(arcsin(x)).add(Math.PI / 2),
  arctan,
  sinh: (x) => exp(x).sub(exp(neg(x))).div(2),
  cosh: (x) => exp(x).add(exp(neg(x))).div(2),
  tanh,
  arcsinh,
  arccosh: (x) => log(x.add(sqrt(square(x).sub(1)))),
  arctanh: (x) => log(x.add(1).div(neg(x).add(1))).div(2),
  degrees: (x) => x.mul(180 / Math.PI),
  radians: (x) => x.mul(Math.PI / 180),
  sigmoid,
  relu,
  softsign,
  erf,
  gamma,
  gammaln,
  floor,
  ceil,
  fix,
  trunc: fix,
  // Half away from zero.
  round: (x) => mul(sign(x), floor(abs(x).add(0.5))),
  // Half towards −∞, as MXNet's rint does.
  rint: (x) => ceil(x.sub(0.5)),
  logical_not: (x) => cast(equal(x, 0), 'float32'),
  zeros_like: (x) => stopGradient(x).mul(0),
  ones_like: (x) => stopGradient(x).mul(0).add(1),
} satisfies { readonly [name: string]: Unary };

type UnaryName = keyof typeof functions;

export const unaryOperators = Object.fromEntries(
  Object.entries(functions).map(([name, apply]) => [name, unaryOperator(name, apply)]),
) as { readonly [Name in UnaryName]: Operator<NoParameters> };

function unaryOperator(name: string, apply: Unary): Operator<NoParameters> {
  return defineOperator({
    name,
    parameters: {},
    inputs: () => ['data'],
    completeShapes: sameShapes,
    record: ({ inputs: [data] }) => [apply(data!)],
  });
}

export const hardSigmoidOperator = defineOperator({
  name: 'hard_sigmoid',
  parameters: {
    alpha: float('Slope.', { fallback: 0.2 }),
    beta: float('Value at 0.', { fallback: 0.5 }),
  },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { alpha, beta } }) => [clip(data!.mul(alpha).add(beta), 0, 1)],
});

export const clipOperator = defineOperator({
  name: 'clip',
  parameters: {
    a_min: float('The least value.'),
    a_max: float('The greatest value.'),
  },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { a_min, a_max } }) => [clip(data!, a_min, a_max)],
});

/** MXNet: with b = 1/σ², |x| − b/2 where |x| > b, else σ²x²/2. */
export const smoothL1Operator = defineOperator({
  name: 'smooth_l1',
  parameters: {
    scalar: float('σ: the loss is quadratic where |x| ≤ 1/σ².', { fallback: 1 }),
  },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { scalar } }) => {
    const squared = scalar * scalar;
    const near = clip(data!, -1 / squared, 1 / squared);
    // Within the bound the first term is σ²x²/2 and the second 0; beyond it they are b/2 and |x| − b.
    return [near.square().mul(squared / 2).add(abs(data!.sub(near)))];
  },
});
