import { add, div, mul, neg, sqrt, square } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { initMoments, movingAverage } from './moments.js';

/** Adam with Nesterov's look-ahead and a momentum schedule (Dozat 2016; MXNet `nadam`). */
export const nadam = defineRule({
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, scheduleDecay: 0.004 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon, scheduleDecay }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clip(clipGradient), scaleByNadam(beta1, beta2, epsilon, scheduleDecay)),
});

/**
 * −η·[(1−μ_t)·g/(1−M) + μ_{t+1}·m/(1−M·μ_{t+1})] / (√(v/(1−β2^t)) + ε) with μ_t = β1·(1 − 0.5·0.96^(t·decay)).
 * MXNet's convention: the product M of the μ_t is one number for all parameters, multiplied once per parameter and step.
 */
function scaleByNadam(beta1: number, beta2: number, epsilon: number, scheduleDecay: number): GradientTransform {
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * scheduleDecay));
  return {
    name: 'scaleByNadam',
    init: initMoments,
    update({ gradient, state, step, learningRate, scalar, shared }) {
      const now = momentumAt(step);
      const next = momentumAt(step + 1);
      const product = (shared.momentumProduct = (shared.momentumProduct ?? 1) * now);
      const moments = {
        mean: movingAverage(state.mean!, gradient, beta1, 1 - beta1),
        meanSquare: movingAverage(state.meanSquare!, square(gradient), beta2, 1 - beta2),
      };
      const direction = add(
        mul(gradient, scalar('nadamGradient', (1 - now) / (1 - product))),
        mul(moments.mean, scalar('nadamMean', next / (1 - product * next))),
      );
      const size = add(sqrt(div(moments.meanSquare, scalar('nadamCorrection', 1 - beta2 ** step))), epsilon);
      return { gradient: div(mul(direction, neg(learningRate)), size), state: moments };
    },
  };
}
