import { add, div, mean, type NDArray, sqrt, square, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clip } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';

/** h += G², w −= η(G/√(h + ε) + λw) (Duchi et al. 2011; MXNet `adagrad`). */
export const adagrad = defineRule({
  defaults: { epsilon: 1e-7 },
  transform: ({ rescaleGradient, clipGradient, epsilon }) =>
    chain(rescale(rescaleGradient), clip(clipGradient), scaleByHistory(epsilon, ({ shape }) => zeros(shape), square), addDecayedWeights(), scaleBySchedule()),
});

/** AdaGrad with one history per row of a matrix, such as an embedding; no weight decay (MXNet `groupadagrad`). */
export const groupadagrad = defineRule({
  defaults: { epsilon: 1e-5 },
  transform: ({ rescaleGradient, clipGradient, epsilon }) =>
    chain(
      refuseWeightDecay(),
      rescale(rescaleGradient),
      clip(clipGradient),
      scaleByHistory(
        epsilon,
        (weight) => zeros([rowsOf(weight), 1]),
        (gradient) => mean(square(gradient), { axes: [1], keepDims: true }),
      ),
      scaleBySchedule(),
    ),
});

/** h += size(g), then g/√(h + ε) */
function scaleByHistory(
  epsilon: number,
  init: (weight: NDArray) => NDArray,
  size: (gradient: NDArray) => NDArray,
): GradientTransform {
  return {
    name: 'scaleByHistory',
    repeats: true,
    init: (weight) => ({ history: init(weight) }),
    update({ gradient, state }) {
      const history = add(state.history!, size(gradient));
      return { gradient: div(gradient, sqrt(add(history, epsilon))), state: { history } };
    },
  };
}

function rowsOf({ shape }: NDArray): number {
  if (shape.length !== 2) throw new RangeError(`groupadagrad: weight has shape [${shape.join(',')}]; it keeps one number per row of a matrix`);
  return shape[0]!;
}

function refuseWeightDecay(): GradientTransform {
  return {
    name: 'refuseWeightDecay',
    repeats: true,
    init: () => ({}),
    update({ gradient, weightDecay, parameterName }) {
      if (weightDecay !== 0) {
        throw new RangeError(`groupadagrad: weight decay of ${parameterName ?? 'the weight'} is ${weightDecay}; it has none, so set it to 0`);
      }
      return { gradient, state: {} };
    },
  };
}
