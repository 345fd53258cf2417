import { mul } from '@lossworks/ndarray';
import { type GradientTransform, stateless } from '../gradient-transform.js';

/** Multiplies by a constant: MXNet's `rescale_grad`, 1 / batch size where a loss adds up over the batch. */
export function rescale(factor: number): GradientTransform {
  return stateless('rescale', ({ gradient }) => (factor === 1 ? gradient : mul(gradient, factor)), { repeats: true });
}
