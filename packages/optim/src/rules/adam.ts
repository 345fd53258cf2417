import { add, div, mul, sqrt } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { initMoments, updateMoments } from './moments.js';

/** Adam with L2 weight decay inside the clip and the moments, and ε outside the uncorrected root (Kingma & Ba 2014; MXNet `adam`). */
export const adam = defineRule({
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clipUnlessZero(clipGradient), scaleByAdam(beta1, beta2, epsilon)),
});

/**
 * −η_t·m/(√v + ε) with η_t = η·√(1−β2^t)/(1−β1^t) (Kingma & Ba 2014, in the form of MXNet's kernel). Keeps `mean` and `meanSquare`, of the weight's
 * shape; no `scaleBySchedule` follows.
 */
export function scaleByAdam(beta1: number, beta2: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByAdam',
    repeats: true,
    init: initMoments,
    update({ gradient, state, scalar }) {
      const moments = updateMoments(state, gradient, beta1, beta2);
      const correctedRate = scalar('adamRate', ({ rate, step }) => (-rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step));
      return { gradient: div(mul(moments.mean, correctedRate), add(sqrt(moments.meanSquare), epsilon)), state: moments };
    },
  };
}
