import { add, mul, type NDArray, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { plusDecay } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { sgd } from './sgd.js';

/** SGD that looks ahead along its momentum (Nesterov 1983; MXNet `nag`). */
export const nag = defineRule({
  defaults: { momentum: 0 },
  transform: (options) =>
    options.momentum === 0
      ? sgd.transform(options)
      : chain(rescale(options.rescaleGradient), clipUnlessZero(options.clipGradient), lookAhead(options.momentum)),
});

/** w' = w − μm + (1+μ)(μm − η(G + λw)); m' = μm − η(G + λw'). MXNet's convention: the kept momentum decays the weight already updated. */
function lookAhead(momentum: number): GradientTransform {
  return {
    name: 'lookAhead',
    repeats: true,
    init: (weight) => ({ momentum: zeros(weight.shape) }),
    update({ gradient, weight, state, learningRate, weightDecay }) {
      const carried = mul(state.momentum!, momentum);
      const stepFrom = (from: NDArray) => sub(carried, mul(plusDecay(gradient, from, weightDecay), learningRate));
      const updated = add(sub(weight, carried), mul(stepFrom(weight), 1 + momentum));
      return { gradient, weight: updated, state: { momentum: stepFrom(updated) } };
    },
  };
}
