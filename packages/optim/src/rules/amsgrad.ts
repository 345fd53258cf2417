import { add, div, maximum, mul, sqrt, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { biasCorrection, initMoments, updateMoments } from './moments.js';

/** Adam whose denominator never falls (Reddi, Kale & Kumar 2018), with L2 decay inside the moments. */
export const amsgrad = defineRule({
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clipUnlessZero(clipGradient), scaleByAmsgrad(beta1, beta2, epsilon)),
});

/** M = max(M, v); −η/(1−β1^t)·m/(√M/√(1−β2^t) + ε) */
function scaleByAmsgrad(beta1: number, beta2: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByAmsgrad',
    init: (weight) => ({ ...initMoments(weight), largestMeanSquare: zeros(weight.shape) }),
    update({ gradient, state, step, rate, scalar }) {
      const moments = updateMoments(state, gradient, beta1, beta2);
      const largestMeanSquare = maximum(state.largestMeanSquare!, moments.meanSquare);
      const root = mul(sqrt(largestMeanSquare), scalar('amsgradRoot', 1 / Math.sqrt(biasCorrection(beta2, step))));
      const correctedRate = scalar('amsgradRate', -rate / biasCorrection(beta1, step));
      return { gradient: div(mul(moments.mean, correctedRate), add(root, epsilon)), state: { ...moments, largestMeanSquare } };
    },
  };
}
