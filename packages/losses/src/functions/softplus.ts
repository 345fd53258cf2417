import { abs, log, relu, sigmoid, sub, withDerivative, type NDArray } from '@lossworks/ndarray';

/** log(1 + eˣ) = max(0, x) − log σ(|x|), which overflows nowhere; its derivative is σ(x). */
export function softplus(x: NDArray): NDArray {
  return withDerivative(sub(relu(x), log(sigmoid(abs(x)))), x, sigmoid(x));
}
