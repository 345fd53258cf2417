import { array, evaluationCounts, waitAll, zeros } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createOptimizer, getUpdater, optimizerRules } from '../src/index.js';

/** Programs beyond the two of every optimizer: with numbers as they first were, and with numbers that change as inputs. */
const more: { readonly [name: string]: number } = {
  // Plain momentum at first, rectified steps after.
  radam: 2,
};

describe('a rate that changes every step compiles nothing anew:', () => {
  it.each(Object.keys(optimizerRules))('%s', async (name) => {
    const optimizer = createOptimizer(name, { learningRate: 1 });
    const update = getUpdater(optimizer);
    const weights = name === 'groupadagrad' ? [zeros([3, 2])] : [zeros([3, 2]), zeros([2])];
    const before = evaluationCounts();
    for (let step = 0; step < 10; step++) {
      optimizer.setLearningRate(1 / (step + 2));
      const gradients = weights.map(({ size, shape }) => array(new Float32Array(size).fill(1 + step), { shape }));
      update(weights.map((_, i) => i), gradients, weights);
      await waitAll();
    }
    const after = evaluationCounts();
    expect(after.runs - before.runs).toBe(10);
    expect(after.compilations - before.compilations).toBeLessThanOrEqual(2 + (more[name] ?? 0));
  });
});
