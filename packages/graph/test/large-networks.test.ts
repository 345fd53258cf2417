import { evaluationCounts, ones, RandomGenerator } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { activation, batchNorm, convolution, flatten, fullyConnected, pooling, simpleBind, variable, type Symbol } from '../src/index.js';

function layer(data: Symbol, numFilter: number, size: number, stride: number, name: string, isActivated = true): Symbol {
  const conv = convolution({ data, numFilter, kernel: [size, size], stride: [stride, stride], pad: [(size - 1) / 2, (size - 1) / 2], noBias: true, name });
  const normal = batchNorm({ data: conv, fixGamma: false, name: `${name}_bn` });
  return isActivated ? activation({ data: normal, actType: 'relu', name: `${name}_relu` }) : normal;
}

/** ResNet-50 (He et al. 2015) with 10 scores. */
function residualNetwork(): Symbol {
  let x = pooling({ data: layer(variable('data'), 64, 7, 2, 'stem'), kernel: [3, 3], stride: [2, 2], pad: [1, 1], name: 'stem_pool' });
  for (const [stage, count] of [3, 4, 6, 3].entries()) {
    const filters = 64 << stage;
    for (let unit = 0; unit < count; unit++) {
      const name = `stage${stage}_unit${unit}`;
      const stride = unit === 0 && stage > 0 ? 2 : 1;
      const narrow = layer(layer(x, filters, 1, 1, `${name}_a`), filters, 3, stride, `${name}_b`);
      const shortcut = unit === 0 ? layer(x, 4 * filters, 1, stride, `${name}_shortcut`, false) : x;
      x = activation({ data: layer(narrow, 4 * filters, 1, 1, `${name}_c`, false).add(shortcut), actType: 'relu', name: `${name}_out` });
    }
  }
  const pooled = pooling({ data: x, globalPool: true, kernel: [1, 1], poolType: 'avg', name: 'global' });
  return fullyConnected({ data: flatten({ data: pooled, name: 'flat' }), numHidden: 10, name: 'fc' });
}

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
    let x = variable('data');
    for (let i = 0; i < 250; i++) x = activation({ data: fullyConnected({ data: x, numHidden: 8, name: `fc${i}` }), actType: 'tanh', name: `act${i}` }).mul(1.5).add(0.1);
    expect(x.nodes().filter(({ isVariable }) => !isVariable)).toHaveLength(1000);
    const executor = simpleBind(x, { shapes: { data: [2, 8] } });
    for (const argument of executor.argArrays) argument.assign(new RandomGenerator(2).normal(argument.shape));
    await executor.forward({ isTrain: true });
    await executor.backward(ones([2, 8]));
    const gradient = await executor.gradDict['fc249_weight']!.data();
    expect(gradient.some((value) => value !== 0)).toBe(true);
  }, 60_000);
});
