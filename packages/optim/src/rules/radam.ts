import { add, div, mul, sqrt } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { biasCorrection, initMoments, updateMoments } from './moments.js';

/** Adam that takes plain momentum steps until the variance of its denominator is tractable, and is rectified after (Liu et al. 2020). */
export const radam = defineRule({
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clipUnlessZero(clipGradient), scaleByRadam(beta1, beta2, epsilon)),
});

/** −η·m̂ where ρ_t ≤ 5, else −η·r_t·m̂·√(1−β2^t)/(√v + ε) */
function scaleByRadam(beta1: number, beta2: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByRadam',
    init: initMoments,
    update({ gradient, state, step, rate, scalar }) {
      const moments = updateMoments(state, gradient, beta1, beta2);
      const rectified = rectification(beta2, step);
      const correctedRate = scalar('radamRate', (-rate * (rectified ?? 1)) / biasCorrection(beta1, step));
      const momentumStep = mul(moments.mean, correctedRate);
      return { gradient: rectified === undefined ? momentumStep : div(momentumStep, add(sqrt(moments.meanSquare), epsilon)), state: moments };
    },
  };
}

/** r_t·√(1−β2^t), or undefined where the approximated length ρ_t of the moving average is at most 5. */
function rectification(beta2: number, step: number): number | undefined {
  const power = beta2 ** step;
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * power) / (1 - power);
  if (length <= 5) return undefined;
  const factor = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
  return Math.sqrt(factor) * Math.sqrt(biasCorrection(beta2, step));
}
