import { mul, neg } from '@lossworks/ndarray';
import { type GradientTransform, stateless } from '../gradient-transform.js';

/** −η·g, with the learning rate of the schedule: from here on the gradient is a step downhill. */
export function scaleBySchedule(): GradientTransform {
  return stateless('scaleBySchedule', ({ gradient, learningRate }) => mul(gradient, neg(learningRate)), { repeats: true });
}
