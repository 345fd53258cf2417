import { add, clip as clipValues, div, sqrt, square, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { trace } from '../transforms/trace.js';
import { movingAverage, updateMoments } from './moments.js';

/**
 * Divides by the root of the mean square, ε inside the root (Tieleman & Hinton 2012); `centered` subtracts the squared mean and adds momentum
 * (Graves 2013). MXNet `rmsprop`: gamma1 is `decay`, gamma2 `momentum`.
 */
export const rmsprop = defineRule({
  defaults: { learningRate: 0.001, decay: 0.9, momentum: 0.9, epsilon: 1e-8, centered: false, clipWeights: null as number | null },
  transform: ({ rescaleGradient, clipGradient, decay, momentum, epsilon, centered, clipWeights }) =>
    chain(
      rescale(rescaleGradient),
      addDecayedWeights(),
      clipUnlessZero(clipGradient),
      ...(centered
        ? [scaleByDeviation(decay, epsilon), scaleBySchedule(), trace(momentum)]
        : [scaleByMeanSquare(decay, epsilon), scaleBySchedule()]),
      ...(clipWeights ? [limitWeights(clipWeights)] : []),
    ),
});

/** g/√(n + ε) with n = decay·n + (1−decay)·g² */
function scaleByMeanSquare(decay: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByMeanSquare',
    repeats: true,
    init: (weight) => ({ meanSquare: zeros(weight.shape) }),
    update({ gradient, state }) {
      const meanSquare = movingAverage(state.meanSquare!, square(gradient), decay);
      return { gradient: div(gradient, sqrt(add(meanSquare, epsilon))), state: { meanSquare } };
    },
  };
}

/** g/√(n − ḡ² + ε) */
function scaleByDeviation(decay: number, epsilon: number): GradientTransform {
  return {
    name: 'scaleByDeviation',
    repeats: true,
    init: (weight) => ({ meanSquare: zeros(weight.shape), mean: zeros(weight.shape) }),
    update({ gradient, state }) {
      const moments = updateMoments(state, gradient, decay, decay);
      const variance = sub(moments.meanSquare, square(moments.mean));
      return { gradient: div(gradient, sqrt(add(variance, epsilon))), state: moments };
    },
  };
}

/** Keeps every new weight within ±limit. */
function limitWeights(limit: number): GradientTransform {
  return {
    name: 'limitWeights',
    repeats: true,
    init: () => ({}),
    update: ({ gradient, weight }) => ({ gradient, weight: clipValues(add(weight, gradient), -limit, limit), state: {} }),
  };
}
