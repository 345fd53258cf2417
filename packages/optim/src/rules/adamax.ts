import { abs, div, maximum, mul, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { movingAverage } from './moments.js';

/** Adam under the infinity norm. There is no ε: an element whose gradients were all 0 becomes NaN, as in MXNet (Kingma & Ba 2014; MXNet `adamax`). */
export const adamax = defineRule({
  defaults: { learningRate: 0.002, beta1: 0.9, beta2: 0.999 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2 }) =>
    chain(rescale(rescaleGradient), addDecayedWeights(), clip(clipGradient), scaleByAdamax(beta1, beta2)),
});

/** −η/(1−β1^t)·m/u with u = max(β2·u, |g|) */
function scaleByAdamax(beta1: number, beta2: number): GradientTransform {
  return {
    name: 'scaleByAdamax',
    init: (weight) => ({ mean: zeros(weight.shape), largest: zeros(weight.shape) }),
    update({ gradient, state, step, rate, scalar }) {
      const mean = movingAverage(state.mean!, gradient, beta1, 1 - beta1);
      const largest = maximum(mul(state.largest!, beta2), abs(gradient));
      return { gradient: div(mul(mean, scalar('adamaxRate', -rate / (1 - beta1 ** step))), largest), state: { mean, largest } };
    },
  };
}
