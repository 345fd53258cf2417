import { div, maximum, sqrt, type NDArray } from '@lossworks/ndarray';

/** The gradient, scaled down where its 2-norm is above the limit. Recorded: nothing is read to decide. */
export function clippedByNorm(gradient: NDArray, limit: number): NDArray {
  // min(1, limit/‖g‖)
  return gradient.mul(div(limit, maximum(sqrt(gradient.square().sum()), limit)));
}
