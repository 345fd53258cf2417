import { array, formatShape } from '@lossworks/ndarray';
import { defineInitializer } from './initializer-rule.js';

export interface LSTMBiasOptions {
  forgetBias: number;
}

/** 0, and `forgetBias` for the forget gate, the second quarter (MXNet `LSTMBias`). Effective through `__init__`: the name of a bias says 0. */
export const lstmbias = defineInitializer<LSTMBiasOptions>({
  name: 'lstmbias',
  defaults: { forgetBias: 1 },
  fill({ name, shape }, { forgetBias }) {
    const [length] = shape;
    if (length === undefined || shape.length !== 1) {
      throw new RangeError(`lstmbias: ${name} has shape ${formatShape(shape)}; it must be [4 · hidden units]: give it another initializer`);
    }
    const hidden = Math.floor(length / 4);
    return array(new Float32Array(length).fill(forgetBias, hidden, 2 * hidden), { shape });
  },
});
