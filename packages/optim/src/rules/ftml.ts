import { add, div, mul, neg, sqrt, square, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { biasCorrection, movingAverage } from './moments.js';

/** Follow the moving leader (Zheng & Kwok 2017; MXNet `ftml`). */
export const ftml = defineRule({
  defaults: { beta1: 0.6, beta2: 0.999, epsilon: 1e-8 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clipUnlessZero(clipGradient), followMovingLeader(beta1, beta2, epsilon)),
});

/** d_t = (1−β1^t)/η·(√(v/(1−β2^t)) + ε); z = β1·z + (1−β1)·g − (d_t − β1·d)·w; w = −z/d_t */
function followMovingLeader(beta1: number, beta2: number, epsilon: number): GradientTransform {
  return {
    name: 'followMovingLeader',
    init: (weight) => ({ denominator: zeros(weight.shape), meanSquare: zeros(weight.shape), leader: zeros(weight.shape) }),
    update({ gradient, weight, state, step, rate, scalar }) {
      const meanSquare = movingAverage(state.meanSquare!, square(gradient), beta2);
      const root = sqrt(div(meanSquare, scalar('ftmlCorrection', biasCorrection(beta2, step))));
      const denominator = mul(add(root, epsilon), scalar('ftmlRate', biasCorrection(beta1, step) / rate));
      const sigma = sub(denominator, mul(state.denominator!, beta1));
      const leader = sub(movingAverage(state.leader!, gradient, beta1), mul(sigma, weight));
      return { gradient, weight: neg(div(leader, denominator)), state: { denominator, meanSquare, leader } };
    },
  };
}
