import { add, clip as clipValues, div, mul, type NDArray, sqrt, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform, type UpdateContext } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { trace } from '../transforms/trace.js';
import { squaredNorm } from './norm.js';

const warmups = {
  linear: (progress: number) => progress,
  power2: (progress: number) => progress ** 2,
  sqrt: (progress: number) => Math.sqrt(progress),
} as const;

/** `lars` follows the ratio of norms; the others raise the rate to `batchScale` times itself; another name leaves it. */
export type WarmupStrategy = keyof typeof warmups | 'lars' | (string & {});

/** SGD for large batches: averages `batchScale` gradients before a step and warms the learning rate up (MXNet `lbsgd`). */
export const lbsgd = defineRule({
  defaults: {
    momentum: 0,
    warmupStrategy: 'linear' as WarmupStrategy,
    warmupEpochs: 5,
    batchScale: 1,
    updatesPerEpoch: 32,
    beginEpoch: 0,
    numEpochs: 60,
  },
  rateBeforeCount: true,
  transform: ({ rescaleGradient, clipGradient, momentum, ...options }) => {
    const step = chain(
      rescale(rescaleGradient),
      clipUnlessZero(clipGradient),
      addDecayedWeights(),
      scaleBySchedule(),
      ...(momentum === 0 ? [] : [trace(momentum)]),
    );
    return accumulate(step, options);
  },
});

interface AccumulateOptions {
  warmupStrategy: WarmupStrategy;
  warmupEpochs: number;
  batchScale: number;
  updatesPerEpoch: number;
  beginEpoch: number;
}

/** Lets the inner chain see the mean of `batchScale` gradients, once they are together. */
function accumulate(inner: GradientTransform, options: AccumulateOptions): GradientTransform {
  const { batchScale, beginEpoch, updatesPerEpoch } = options;
  return {
    name: 'accumulate',
    init: (weight, parameter) => ({ ...inner.init(weight, parameter), ...(batchScale === 1 ? {} : { accumulated: zeros(weight.shape) }) }),
    update(context) {
      const accumulations = beginEpoch * updatesPerEpoch + context.updates;
      const total = batchScale === 1 ? context.gradient : add(context.state.accumulated!, context.gradient);
      if (accumulations % batchScale !== 0) return { gradient: total, weight: context.weight, state: { accumulated: total } };
      const gradient = batchScale === 1 ? total : div(total, batchScale);
      const update = inner.update({ ...context, gradient, learningRate: warmRate({ ...context, gradient }, accumulations, options) });
      return batchScale === 1 ? update : { ...update, state: { ...update.state, accumulated: zeros(total.shape) } };
    },
  };
}

function warmRate(context: UpdateContext, accumulations: number, options: AccumulateOptions): NDArray {
  const { warmupStrategy, warmupEpochs, updatesPerEpoch, batchScale } = options;
  if (warmupStrategy === 'lars') return mul(context.learningRate, normRatio(context));
  const length = warmupEpochs * updatesPerEpoch;
  const shape = Object.hasOwn(warmups, warmupStrategy) ? warmups[warmupStrategy as keyof typeof warmups] : () => 0;
  let factor = 1 + (batchScale - 1) * shape(accumulations / length);
  if (accumulations >= length) factor = batchScale;
  else if (length <= 1) factor = 1;
  return context.scalar('lbsgdRate', context.rate * factor);
}

/** √(‖w‖² / (‖g‖² + λ‖w‖² + 1e-18)) between 0.01 and 100. */
function normRatio({ gradient, weight, weightDecay }: UpdateContext): NDArray {
  const weightSize = squaredNorm(weight);
  const size = add(add(squaredNorm(gradient), mul(weightSize, weightDecay)), 1e-18);
  return clipValues(sqrt(div(weightSize, size)), 0.01, 100);
}
