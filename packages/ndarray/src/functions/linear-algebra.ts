import { NDArray } from '../ndarray.js';
import { matmul as matmulValues } from '../recording/steps.js';

/** Which operands are taken transposed in their last two axes; neither unless given. */
export interface MatmulOptions {
  /** Whether `a` is `[…, inner, rows]` in place of `[…, rows, inner]`; false unless given. */
  readonly transposeA?: boolean;
  /** Whether `b` is `[…, columns, inner]` in place of `[…, inner, columns]`; false unless given. */
  readonly transposeB?: boolean;
}

/**
 * Matrix product over the last two axes: `[…, rows, inner]` by `[…, inner, columns]` gives `[…, rows, columns]`, float32 (MXNet `dot` for two axes,
 * `batch_dot` for three).
 *
 * @throws RangeError for fewer than two axes, leading axes that differ (they do not broadcast), inner lengths that differ, and other types.
 */
export function matmul(a: NDArray, b: NDArray, { transposeA = false, transposeB = false }: MatmulOptions = {}): NDArray {
  return new NDArray(matmulValues(a.value, b.value, transposeA, transposeB));
}
