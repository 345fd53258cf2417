import { add, mul, zeros } from '@lossworks/ndarray';
import type { GradientTransform } from '../gradient-transform.js';

/**
 * m = decay·m + g, and m is the step: momentum (Polyak 1964). After `scaleBySchedule` the memory holds steps, as in MXNet; before it, gradients.
 * Keeps `stateName`, of the weight's shape.
 */
export function trace(decay: number, stateName = 'momentum'): GradientTransform {
  return {
    name: 'trace',
    repeats: true,
    init: (weight) => ({ [stateName]: zeros(weight.shape) }),
    update({ gradient, state }) {
      const memory = add(mul(state[stateName]!, decay), gradient);
      return { gradient: memory, state: { [stateName]: memory } };
    },
  };
}
