import { add, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { rescale } from '../transforms/rescale.js';

/** w += r·g and the state is the new weight: for testing what surrounds an optimizer (MXNet `test`). */
export const test = defineRule({
  defaults: {},
  transform: ({ rescaleGradient }) => chain(rescale(rescaleGradient), rememberWeight()),
});

function rememberWeight(): GradientTransform {
  return {
    name: 'rememberWeight',
    init: (weight) => ({ weight: zeros(weight.shape) }),
    update({ gradient, weight }) {
      const updated = add(weight, gradient);
      return { gradient, weight: updated, state: { weight: updated } };
    },
  };
}
