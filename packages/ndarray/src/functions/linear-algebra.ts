import { NDArray } from '../ndarray.js';
import { matmul as matmulValues } from '../recording/steps.js';

/** Which operands are taken transposed in their last two axes. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Matrix product over the last two axes; the axes before them must be the same on both sides. */
export function matmul(a: NDArray, b: NDArray, { transposeA = false, transposeB = false }: MatmulOptions = {}): NDArray {
  return new NDArray(matmulValues(a.value, b.value, transposeA, transposeB));
}
