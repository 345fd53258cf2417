import { add, div, mul, type NDArray, sqrt, square, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform, type UpdateContext } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { biasCorrection, movingAverage } from './moments.js';

/**
 * SGD that averages instead of lowering its rate (Defazio et al. 2024). The trained weight is y, where gradients are taken; evaluate and save
 * `evaluationWeight`. A schedule is for warm-up only.
 */
export const schedulefreesgd = defineRule({
  defaults: { learningRate: 1, momentum: 0.9, weightPower: 2 },
  transform: ({ rescaleGradient, clipGradient, momentum, weightPower }) =>
    chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), addDecayedWeights(), interpolate(momentum, weightPower)),
});

/** `schedulefreesgd` around AdamW's step: g/(√v̂ + ε) + λ·y (Defazio et al. 2024). */
export const schedulefreeadamw = defineRule({
  defaults: { learningRate: 0.0025, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightPower: 2 },
  transform: ({ rescaleGradient, clipGradient, beta1, beta2, epsilon, weightPower }) =>
    chain(
      rescale(rescaleGradient),
      clipUnlessZero(clipGradient),
      normalizeByMeanSquare(beta2, epsilon),
      addDecayedWeights(),
      interpolate(beta1, weightPower),
    ),
});

/** g/(√v̂ + ε) */
function normalizeByMeanSquare(beta2: number, epsilon: number): GradientTransform {
  return {
    name: 'normalizeByMeanSquare',
    init: (weight) => ({ meanSquare: zeros(weight.shape) }),
    update({ gradient, state, step, scalar }) {
      const meanSquare = movingAverage(state.meanSquare!, square(gradient), beta2);
      const corrected = div(meanSquare, scalar('meanSquare', biasCorrection(beta2, step)));
      return { gradient: div(gradient, add(sqrt(corrected), epsilon)), state: { meanSquare } };
    },
  };
}

/** z −= η·g; x = (1−c)·x + c·z; y = (1−β)·z + β·x, of which y (the weight) and z are kept: x = z + (y − z)/β. */
function interpolate(beta: number, weightPower: number): GradientTransform {
  if (!(beta > 0 && beta <= 1)) throw new RangeError(`interpolate: the interpolation is ${beta}; give a number above 0, at most 1`);
  return {
    name: 'interpolate',
    init: (weight) => ({ fast: weight.snapshot() }),
    update(context) {
      const { gradient, weight, state, rate, scalar } = context;
      const share = averagingShare(context, weightPower);
      const fast = state.fast!;
      const moved = add(mul(weight, scalar('scheduleFreeKept', 1 - share)), mul(fast, scalar('scheduleFreeShare', share)));
      const updated = add(moved, mul(gradient, scalar('scheduleFreeRate', rate * (beta * (1 - share) - 1))));
      return { gradient, weight: updated, state: { fast: sub(fast, mul(gradient, context.learningRate)) } };
    },
    evaluationWeight: (weight: NDArray, state) => add(state.fast!, div(sub(weight, state.fast!), beta)),
  };
}

/** c = γ^p / Σ γ^p, γ the largest rate so far: the same for all parameters of a step. */
function averagingShare({ shared, numUpdate, globalRate }: UpdateContext, weightPower: number): number {
  if (shared.averagedUpdate !== numUpdate) {
    shared.largestRate = Math.max(shared.largestRate ?? 0, globalRate);
    shared.averageWeight = shared.largestRate ** weightPower;
    shared.averageTotal = (shared.averageTotal ?? 0) + shared.averageWeight;
    shared.averagedUpdate = numUpdate;
  }
  return shared.averageTotal! > 0 ? shared.averageWeight! / shared.averageTotal! : 0;
}
