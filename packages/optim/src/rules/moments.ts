import { add, mul, type NDArray, square, zeros } from '@lossworks/ndarray';
import type { State } from '../gradient-transform.js';

/**
 * decay·average + (1 − decay)·value. The two factors are complements in float32, as in MXNet's kernels: 1 − 0.999 is 1e-5 of itself smaller there
 * than in float64, which `share` may give instead.
 */
export function movingAverage(average: NDArray, value: NDArray, decay: number, share = 1 - Math.fround(decay)): NDArray {
  return add(mul(average, decay), mul(value, share));
}

/** Moving averages of the gradient and of its square, both from 0. */
export function initMoments(weight: NDArray): { mean: NDArray; meanSquare: NDArray } {
  return { mean: zeros(weight.shape), meanSquare: zeros(weight.shape) };
}

/** Both averages after another gradient. Its share of the squares is part of what is squared: a factor that the gradient's own computation can take over. */
export function updateMoments(state: State, gradient: NDArray, beta1: number, beta2: number): { mean: NDArray; meanSquare: NDArray } {
  const rootOfShare = Math.sqrt(1 - Math.fround(beta2));
  if (rootOfShare === 0) return { mean: movingAverage(state.mean!, gradient, beta1), meanSquare: state.meanSquare! };
  const scaled = mul(gradient, rootOfShare);
  return {
    mean: movingAverage(state.mean!, scaled, beta1, (1 - Math.fround(beta1)) / rootOfShare),
    meanSquare: add(mul(state.meanSquare!, beta2), square(scaled)),
  };
}

/** 1 − decay^t: what `movingAverage` of ones from 0 has reached after t steps, with decay and power in float32, as in MXNet's kernels. */
export function biasCorrection(decay: number, step: number): number {
  return 1 - Math.fround(Math.fround(decay) ** step);
}
