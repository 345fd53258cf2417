import { add, div, sqrt } from '@lossworks/ndarray';
import type { GradientTransform } from '../gradient-transform.js';
import { biasCorrection, initMoments, updateMoments } from '../rules/moments.js';

/** m̂/(√v̂ + ε), the hats dividing by 1 − β^t (Kingma & Ba 2014). */
export function normalizeByMoments(beta1: number, beta2: number, epsilon: number, correctsBias = true): GradientTransform {
  return {
    name: 'normalizeByMoments',
    init: initMoments,
    update({ gradient, state, step, scalar }) {
      const moments = updateMoments(state, gradient, beta1, beta2);
      const mean = correctsBias ? div(moments.mean, scalar('mean', biasCorrection(beta1, step))) : moments.mean;
      const meanSquare = correctsBias ? div(moments.meanSquare, scalar('meanSquare', biasCorrection(beta2, step))) : moments.meanSquare;
      return { gradient: div(mean, add(sqrt(meanSquare), epsilon)), state: moments };
    },
  };
}
