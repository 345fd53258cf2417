import { add, div, mul, sqrt } from '@lossworks/ndarray';
import type { GradientTransform } from '../gradient-transform.js';
import { biasCorrection, initMoments, updateMoments } from '../rules/moments.js';

/**
 * m̂/(√v̂ + ε), the hats dividing by c = 1 − β^t (Kingma & Ba 2014); computed as m·(√c₂/c₁)/(√v + ε·√c₂), which takes fewer passes over the elements.
 * Without `correctsBias` m/(√v + ε). Keeps `mean` and `meanSquare`, of the weight's shape.
 */
export function normalizeByMoments(beta1: number, beta2: number, epsilon: number, correctsBias = true): GradientTransform {
  return {
    name: 'normalizeByMoments',
    repeats: true,
    init: initMoments,
    update({ gradient, state, scalar }) {
      const moments = updateMoments(state, gradient, beta1, beta2);
      const root = sqrt(moments.meanSquare);
      if (!correctsBias) return { gradient: div(moments.mean, add(root, epsilon)), state: moments };
      const correction = (step: number): number => Math.sqrt(biasCorrection(beta2, step));
      const mean = mul(moments.mean, scalar('mean', ({ step }) => correction(step) / biasCorrection(beta1, step)));
      return { gradient: div(mean, add(root, scalar('epsilon', ({ step }) => epsilon * correction(step)))), state: moments };
    },
  };
}
