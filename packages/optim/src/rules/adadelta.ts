import { add, div, mul, neg, sqrt, square, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform, stateless } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { movingAverage } from './moments.js';

/** Steps sized by the steps before; there is no learning rate, and weight decay is not scaled (Zeiler 2012; MXNet `adadelta`). */
export const adadelta = defineRule({
  defaults: { rho: 0.9, epsilon: 1e-5 },
  transform: ({ rescaleGradient, clipGradient, rho, epsilon }) =>
    chain(
      rescale(rescaleGradient),
      clip(clipGradient),
      scaleByAdadelta(rho, epsilon),
      addDecayedWeights(),
      stateless('descend', ({ gradient }) => neg(gradient)),
    ),
});

/** a = ρa + (1−ρ)g²; Δ = √(d+ε)/√(a+ε)·g; d = ρd + (1−ρ)Δ² */
function scaleByAdadelta(rho: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByAdadelta',
    init: (weight) => ({ meanSquare: zeros(weight.shape), meanSquareStep: zeros(weight.shape) }),
    update({ gradient, state }) {
      const meanSquare = movingAverage(state.meanSquare!, square(gradient), rho, 1 - rho);
      const step = mul(div(sqrt(add(state.meanSquareStep!, epsilon)), sqrt(add(meanSquare, epsilon))), gradient);
      return { gradient: step, state: { meanSquare, meanSquareStep: movingAverage(state.meanSquareStep!, square(step), rho, 1 - rho) } };
    },
  };
}
