import { mul, sub } from '@lossworks/ndarray';
import { type GradientTransform, stateless } from '../gradient-transform.js';

/** step − η·λ·w: decay that no moment and no clip sees (Loshchilov & Hutter 2019). Stands after `scaleBySchedule`, or after what took its place. */
export function addDecoupledDecay(): GradientTransform {
  return stateless('addDecoupledDecay', ({ gradient, weight, weightDecay, scalar }) =>
    weightDecay === 0 ? gradient : sub(gradient, mul(weight, scalar('decoupledDecay', ({ rate }) => rate * weightDecay))),
  { repeats: true });
}
