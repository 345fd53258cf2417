import { type NDArray, placeholder } from '@lossworks/ndarray';

/** The contents in an array of their own, which the next run computes whoever reads what: for what is needed again later. `snapshot()` waits for a reader. */
export function keep(source: NDArray): NDArray {
  return placeholder(source.shape, source.dtype).assign(source);
}
