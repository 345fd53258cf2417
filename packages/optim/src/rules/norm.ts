import { type NDArray, sqrt, square, sum } from '@lossworks/ndarray';

/** ‖x‖², of shape []. */
export function squaredNorm(x: NDArray): NDArray {
  return sum(square(x));
}

/** ‖x‖₂ over all elements, of shape []. */
export function norm(x: NDArray): NDArray {
  return sqrt(squaredNorm(x));
}
