import { add, mul, square, sub } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { plusDecay } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { trace } from '../transforms/trace.js';

/**
 * SGD that corrects gradients computed from an older weight (Zheng et al. 2016; MXNet `dcasgd`). With momentum the corrected step is traced; MXNet
 * 1.9.1 fails there.
 */
export const dcasgd = defineRule({
  defaults: { momentum: 0, compensation: 0.04 },
  transform: ({ rescaleGradient, clipGradient, momentum, compensation }) =>
    chain(
      rescale(rescaleGradient),
      clip(clipGradient),
      compensateDelay(compensation),
      scaleBySchedule(),
      ...(momentum === 0 ? [] : [trace(momentum)]),
    ),
});

/** G + λw + compensation·G²·(w − w_previous) */
function compensateDelay(compensation: number): GradientTransform {
  return {
    name: 'compensateDelay',
    init: (weight) => ({ previousWeight: weight.snapshot() }),
    update({ gradient, weight, state, weightDecay }) {
      const drift = mul(square(gradient), sub(weight, state.previousWeight!));
      return { gradient: add(plusDecay(gradient, weight, weightDecay), mul(drift, compensation)), state: { previousWeight: weight } };
    },
  };
}
