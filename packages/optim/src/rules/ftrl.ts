import { abs, add, div, greater, mul, sign, sqrt, square, sub, where, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';

/** Follow the regularized leader: an L1 penalty that leaves exact zeros (McMahan et al. 2013; MXNet `ftrl`, where `lamda1` is `l1`). */
export const ftrl = defineRule({
  defaults: { learningRate: 0.1, l1: 0.01, beta: 1 },
  transform: ({ rescaleGradient, clipGradient, l1, beta }) =>
    chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), followRegularizedLeader(l1, beta)),
});

/** z += g − (√(n+g²) − √n)·w/η; n += g²; w = (sign(z)·l1 − z)/((β + √n)/η + λ) where |z| > l1, else 0 */
function followRegularizedLeader(l1: number, beta: number): GradientTransform {
  return {
    name: 'followRegularizedLeader',
    init: (weight) => ({ leader: zeros(weight.shape), sumSquare: zeros(weight.shape) }),
    update({ gradient, weight, state, learningRate, weightDecay }) {
      const sumSquare = add(state.sumSquare!, square(gradient));
      const sigma = div(sub(sqrt(sumSquare), sqrt(state.sumSquare!)), learningRate);
      const leader = sub(add(state.leader!, gradient), mul(sigma, weight));
      const size = add(div(add(sqrt(sumSquare), beta), learningRate), weightDecay);
      const updated = where(greater(abs(leader), l1), div(sub(mul(sign(leader), l1), leader), size), 0);
      return { gradient, weight: updated, state: { leader, sumSquare } };
    },
  };
}
