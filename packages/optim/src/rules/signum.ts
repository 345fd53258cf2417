import { add, mul, sign, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { plusDecay } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';

/** Steps of equal size along the sign of the momentum; without momentum along the sign of the raw gradient (Bernstein et al. 2018; MXNet `signum`). */
export const signum = defineRule({
  defaults: { learningRate: 0.01, momentum: 0.9, decoupledWeightDecay: 0 },
  transform: ({ rescaleGradient, clipGradient, momentum, decoupledWeightDecay }) =>
    momentum === 0
      ? stepBySign()
      : chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), stepByMomentumSign(momentum, decoupledWeightDecay)),
});

/** w = (1 − ηλ)w − η·sign(g) */
function stepBySign(): GradientTransform {
  return {
    name: 'stepBySign',
    repeats: true,
    init: () => ({}),
    update: ({ gradient, weight, learningRate, weightDecay }) => ({
      gradient,
      weight: sub(mul(weight, sub(1, mul(learningRate, weightDecay))), mul(sign(gradient), learningRate)),
      state: {},
    }),
  };
}

/** m = μm − (1−μ)(λw + G); w = (1 − η·δ)w + η·sign(m), δ the decoupled decay (MXNet `wd_lh`). */
function stepByMomentumSign(momentum: number, decoupledWeightDecay: number): GradientTransform {
  return {
    name: 'stepByMomentumSign',
    repeats: true,
    init: (weight) => ({ momentum: zeros(weight.shape) }),
    update({ gradient, weight, state, learningRate, weightDecay }) {
      const memory = sub(mul(state.momentum!, momentum), mul(plusDecay(gradient, weight, weightDecay), 1 - momentum));
      const decayed = mul(weight, sub(1, mul(learningRate, decoupledWeightDecay)));
      return { gradient, weight: add(decayed, mul(sign(memory), learningRate)), state: { momentum: memory } };
    },
  };
}
