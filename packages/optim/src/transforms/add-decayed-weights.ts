import { add, mul, type NDArray } from '@lossworks/ndarray';
import { type GradientTransform, stateless } from '../gradient-transform.js';

/** g + λ·w, the L2 penalty's gradient. Before `clip` the decay is clipped too, after it not: the place in the chain decides. */
export function addDecayedWeights(): GradientTransform {
  return stateless('addDecayedWeights', ({ gradient, weight, weightDecay }) => plusDecay(gradient, weight, weightDecay), { repeats: true });
}

/** g + λ·w as an expression, for transforms that need it at another weight. */
export function plusDecay(gradient: NDArray, weight: NDArray, weightDecay: number): NDArray {
  return weightDecay === 0 ? gradient : add(gradient, mul(weight, weightDecay));
}
