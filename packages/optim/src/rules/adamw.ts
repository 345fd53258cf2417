import { chain, type GradientTransform } from '../gradient-transform.js';
import { type CommonOptions, defineRule } from '../optimizer-rule.js';
import { addDecoupledDecay } from '../transforms/add-decoupled-decay.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { normalizeByMoments } from '../transforms/normalize-by-moments.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';

export interface AdamWOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** w −= η·(m̂/(√v̂ + ε) + λ·w): decay outside the moments (Loshchilov & Hutter 2019). */
export const adamw = defineRule({
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  transform: adamwChain,
});

export function adamwChain({ rescaleGradient, clipGradient, beta1, beta2, epsilon }: CommonOptions & AdamWOptions): GradientTransform {
  return chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), normalizeByMoments(beta1, beta2, epsilon), scaleBySchedule(), addDecoupledDecay());
}
