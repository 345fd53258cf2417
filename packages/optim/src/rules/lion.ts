import { sign, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecoupledDecay } from '../transforms/add-decoupled-decay.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { movingAverage } from './moments.js';

/** w −= η·(sign(β1·m + (1−β1)·g) + λ·w), m = β2·m + (1−β2)·g (Chen et al. 2023). */
export const lion = defineRule({
  defaults: { learningRate: 1e-4, beta1: 0.9, beta2: 0.99 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2 }) =>
    chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), signOfBlend(beta1, beta2), scaleBySchedule(), addDecoupledDecay()),
});

function signOfBlend(beta1: number, beta2: number): GradientTransform {
  return {
    name: 'signOfBlend',
    repeats: true,
    init: (weight) => ({ mean: zeros(weight.shape) }),
    update: ({ gradient, state }) => ({
      gradient: sign(movingAverage(state.mean!, gradient, beta1)),
      state: { mean: movingAverage(state.mean!, gradient, beta2) },
    }),
  };
}
