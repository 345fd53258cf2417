import { add, div, greater, logicalAnd, mul, type NDArray, neg, where, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform, type Update, type UpdateContext } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { norm } from './norm.js';

/**
 * SGD whose learning rate follows, for every weight, the ratio of its norm to its gradient's; gamma, beta and bias take the plain rate
 * (You et al. 2017; MXNet `lars`). Only `_weight` decays.
 */
export const lars = defineRule({
  defaults: { momentum: 0, trust: 0.001, epsilon: 0, momentumCorrection: true },
  decayedSuffixes: ['_weight'],
  transform: ({ rescaleGradient, clipGradient, momentum, trust, epsilon, momentumCorrection }) => {
    const step = chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), addDecayedWeights());
    return layerwise(step, { rescaleGradient, momentum, trust, epsilon, momentumCorrection });
  },
});

interface LayerwiseOptions {
  rescaleGradient: number;
  momentum: number;
  trust: number;
  epsilon: number;
  momentumCorrection: boolean;
}

/** Wraps the inner chain because the trust ratio looks at the raw gradient. */
function layerwise(inner: GradientTransform, options: LayerwiseOptions): GradientTransform {
  const { momentum, momentumCorrection } = options;
  return {
    name: 'layerwise',
    init: (weight): Record<string, NDArray> => (momentum === 0 ? {} : { momentum: zeros(weight.shape) }),
    update(context): Update {
      const rate = trustedRate(context, options);
      const step = mul(inner.update(context).gradient, neg(rate));
      const change = rateChange(context);
      if (momentum === 0) return { gradient: step, state: {} };
      const decay = momentumCorrection ? context.scalar('larsMomentum', momentum * change) : momentum;
      const memory = add(mul(context.state.momentum!, decay), step);
      return { gradient: memory, state: { momentum: memory } };
    },
  };
}

const plainEndings = ['gamma', 'beta', 'bias'];

/** η·trust·‖w‖ / (r·‖g‖ + λ·‖w‖ + ε) where both norms are positive, else η. */
function trustedRate(context: UpdateContext, { rescaleGradient, trust, epsilon }: LayerwiseOptions): NDArray {
  const { weight, gradient, learningRate, weightDecay, parameterName } = context;
  if (plainEndings.some((ending) => parameterName?.endsWith(ending))) return learningRate;
  const weightNorm = norm(weight);
  const gradientNorm = norm(gradient);
  const size = add(add(mul(gradientNorm, rescaleGradient), mul(weightNorm, weightDecay)), epsilon);
  const trusted = div(mul(mul(learningRate, weightNorm), trust), size);
  return where(logicalAnd(greater(weightNorm, 0), greater(gradientNorm, 0)), trusted, learningRate);
}

/**
 * How the schedule's rate changed since the step before, the same for all parameters of one step (MXNet notices the change at the first few
 * parameters of a step only).
 */
function rateChange({ shared, numUpdate, globalRate }: UpdateContext): number {
  if (shared.rateUpdate !== numUpdate) {
    shared.previousRate = shared.rate ?? globalRate;
    shared.rate = globalRate;
    shared.rateUpdate = numUpdate;
  }
  return shared.previousRate ? shared.rate! / shared.previousRate : 1;
}
