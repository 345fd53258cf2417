import { div, greater, logicalAnd, maximum, minimum, mul, where } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { normalizeByMoments } from '../transforms/normalize-by-moments.js';
import { norm } from './norm.js';

/** Adam's direction, scaled for every parameter to the norm of its weight (You et al. 2019; MXNet `lamb`). */
export const lamb = defineRule({
  defaults: {
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-6,
    lowerBound: null as number | null,
    upperBound: null as number | null,
    biasCorrection: true,
  },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon, lowerBound, upperBound, biasCorrection: correctsBias }) =>
    chain(
      rescale(rescaleGradient),
      clipUnlessZero(clipGradient),
      normalizeByMoments(beta1, beta2, epsilon, correctsBias),
      addDecayedWeights(),
      scaleByWeightNorm(lowerBound, upperBound),
      scaleBySchedule(),
    ),
});

/** u·clamp(‖w‖)/‖u‖, or u where either is 0 */
function scaleByWeightNorm(lowerBound: number | null, upperBound: number | null): GradientTransform {
  return {
    name: 'scaleByWeightNorm',
    init: () => ({}),
    update({ gradient, weight }) {
      let weightNorm = norm(weight);
      if (lowerBound !== null) weightNorm = maximum(weightNorm, lowerBound);
      if (upperBound !== null) weightNorm = minimum(weightNorm, upperBound);
      const size = norm(gradient);
      const ratio = where(logicalAnd(greater(weightNorm, 0), greater(size, 0)), div(weightNorm, size), 1);
      return { gradient: mul(gradient, ratio), state: {} };
    },
  };
}
