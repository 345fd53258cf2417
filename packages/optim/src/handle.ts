import { type NDArray, placeholder } from '@lossworks/ndarray';

/** Another handle on the same contents: what is assigned to either later does not reach the other. */
export function anotherHandle(source: NDArray): NDArray {
  return placeholder(source.shape, source.dtype).assign(source);
}
