import { evaluationCounts, ones, RandomGenerator } from '@lossworks/ndarray';
import { chainOfOperators, residualNetwork } from '@lossworks/testing';
import { describe, expect, it } from 'vitest';
import { simpleBind } from '../src/index.js';

describe('large networks', () => {
  it('a network of the size of ResNet-50 trains, compiled once, and holds its memory', async () => {
    const executor = simpleBind(residualNetwork(), { shapes: { data: [8, 3, 64, 64] } });
    expect(executor.argArrays.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(23e6);
    const random = new RandomGenerator(1);
    for (const argument of executor.argArrays) argument.assign(random.normal(argument.shape, 0, 0.03));
    const resident: number[] = [];
    const before = evaluationCounts().compilations;
    for (let step = 0; step < 6; step++) {
      await executor.forward({ isTrain: true });
      await executor.backward(ones([8, 10]));
      await executor.outputs[0]!.data();
      resident.push(process.memoryUsage().rss / 2 ** 20);
    }
    expect(evaluationCounts().compilations - before).toBe(1);
    expect(await executor.firstNonFinite()).toBeUndefined();
    // Gradients of one step alone are 90 MB.
    expect(resident[5]! - resident[3]!).toBeLessThan(80);
  }, 180_000);

  it('a chain of 1,000 operators is inferred, recorded and differentiated', async () => {
    const x = chainOfOperators();
    expect(x.nodes().filter(({ isVariable }) => !isVariable)).toHaveLength(1000);
    const executor = simpleBind(x, { shapes: { data: [2, 8] } });
    for (const argument of executor.argArrays) argument.assign(new RandomGenerator(2).normal(argument.shape));
    await executor.forward({ isTrain: true });
    await executor.backward(ones(executor.outputs[0]!.shape));
    const gradient = await executor.gradDict['fc249_weight']!.data();
    expect(gradient.some((value) => value !== 0)).toBe(true);
  }, 60_000);
});
