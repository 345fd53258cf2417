import { array, endStep, evaluationCounts, waitAll, zeros } from '@lossworks/ndarray';
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

describe('steps that are computed together are one program, whether the rate changes between them or not:', () => {
  it.each(['sgd', 'adamw'])('%s', async (name) => {
    const optimizer = createOptimizer(name, { learningRate: 1 });
    const update = getUpdater(optimizer);
    const weights = [zeros([3, 2]), zeros([2])];
    const gradients = weights.map(({ size, shape }) => array(new Float32Array(size).fill(1), { shape }));
    const compilations: number[] = [];
    for (const rates of [[1, 0.5], [0.5, 0.25], [0.25, 0.25], [0.25, 0.125], [0.125, 0.125]]) {
      const before = evaluationCounts().compilations;
      for (const rate of rates) {
        optimizer.setLearningRate(rate);
        update([0, 1], gradients, weights);
        endStep();
      }
      await waitAll();
      compilations.push(evaluationCounts().compilations - before);
    }
    expect(compilations.slice(2)).toEqual([0, 0, 0]);
  });
});
