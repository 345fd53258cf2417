import { exp, log, neg, relu, stopGradient, type NDArray } from '@lossworks/ndarray';

/** log(1 + eˣ): the larger exponent is taken out as a constant, so nothing overflows and the derivative is σ(x). */
export function softplus(x: NDArray): NDArray {
  const largest = stopGradient(relu(x));
  return log(exp(x.sub(largest)).add(exp(neg(largest)))).add(largest);
}
