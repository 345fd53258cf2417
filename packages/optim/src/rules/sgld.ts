import { add, mul, sqrt } from '@lossworks/ndarray';
import { chain, type GradientTransform, stateless } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';

/** w −= η/2·(clip(r·g) + λw), then noise of variance η: samples from the posterior (Welling & Teh 2011; MXNet `sgld`). */
export const sgld = defineRule({
  defaults: {},
  transform: ({ rescaleGradient, clipGradient }) =>
    chain(rescale(rescaleGradient), clip(clipGradient), addDecayedWeights(), rescale(0.5), scaleBySchedule(), addNoise()),
});

/** step + N(0, √η) */
function addNoise(): GradientTransform {
  return stateless('addNoise', ({ gradient, learningRate, normal }) => add(gradient, mul(normal(gradient.shape), sqrt(learningRate))));
}
