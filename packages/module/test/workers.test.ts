import { array, evaluationCounts, type NDArray, read } from '@lossworks/ndarray';
import { create } from '@lossworks/metrics';
import { describe, expect, it } from 'vitest';
import { Module } from '../src/index.js';
import { bothMetrics, classifierWithCenters, points } from './small-networks.js';

interface Training {
  readonly workLoads: readonly number[];
  readonly plain?: boolean;
  readonly fixedParameterNames?: readonly string[];
}

/** Two epochs over ten points, the last batch padded. */
async function trained({ workLoads, plain = true, fixedParameterNames = [] }: Training) {
  const data = points(10);
  const module = new Module(classifierWithCenters({ plain }), { workLoads, fixedParameterNames, seed: 3, logger: () => undefined });
  const metric = bothMetrics();
  const before = evaluationCounts().runs;
  await module.fit(data, { numEpoch: 2, evalMetric: metric, optimizerOptions: { learningRate: 0.05, momentum: 0.9 } });
  return { module, metric, data, runs: evaluationCounts().runs - before };
}

async function numbers(arrays: { readonly [name: string]: NDArray }): Promise<Record<string, number[]>> {
  const values = await read(Object.values(arrays));
  return Object.fromEntries(Object.keys(arrays).map((name, i) => [name, [...values[i]!]]));
}

function expectClose(found: Record<string, number[]>, wanted: Record<string, number[]>): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) values.forEach((value, i) => expect(found[name]![i], `${name}[${i}]`).toBeCloseTo(value, 5));
}

describe('workers that share a batch', () => {
  it.each([[[1, 1]], [[1, 3]], [[1, 1, 1, 1]]])('%j train the weights and centers of one worker', async (workLoads) => {
    const [one, several] = [await trained({ workLoads: [1] }), await trained({ workLoads })];
    const [wanted, found] = [one.module.getParams(), several.module.getParams()];
    expectClose(await numbers(found.argParams), await numbers(wanted.argParams));
    expectClose(await numbers(found.auxParams), await numbers(wanted.auxParams));
    // The loss is a number a worker, and its mean weighs workers, not samples.
    const [accuracy, expected] = [several, one].map(({ metric }) => [metric.get()[1]].flat()[0]);
    expect(accuracy).toBe(expected);
  });

  it('are one run of the engine a step', async () => {
    const [one, several] = [await trained({ workLoads: [1] }), await trained({ workLoads: [1, 1] })];
    expect(several.runs).toBe(one.runs);
  });

  it('keep moving averages of their own within an epoch, and share the mean after it', async () => {
    const { module, data } = await trained({ workLoads: [1, 1], plain: false });
    data.reset();
    const [joined, apart] = [await numbers(module.getParams().auxParams), await module.predict(data, { alwaysOutputList: true })];
    module.joinWorkers();
    expectClose(await numbers(module.getParams().auxParams), joined);
    expectClose(await numbers({ softmax: (await module.predict(data, { alwaysOutputList: true }))[0]! }), await numbers({ softmax: apart[0]! }));
  });

  it('refuses a batch that leaves nothing for one of them', () => {
    const module = new Module(classifierWithCenters(), { workLoads: [1, 1] });
    expect(() => module.bind({ dataShapes: [{ name: 'data', shape: [1, 4] }], labelShapes: [{ name: 'softmax_label', shape: [1] }] })).toThrow(/leaves nothing for device/);
  });

  it('refuses head gradients, which are for a whole batch', async () => {
    const { module } = await trained({ workLoads: [1, 1] });
    await expect(module.backward([array([1]), null])).rejects.toThrow(/workLoads/);
  });
});

describe('parameters that training leaves alone', () => {
  it('can be scored with moving averages that are younger than they are', async () => {
    const { module, data } = await trained({ workLoads: [1], plain: false, fixedParameterNames: ['fc1_weight', 'fc1_bias', 'bn1_gamma', 'bn1_beta', 'fc2_weight', 'fc2_bias'] });
    expect(await module.score(data, create('acc', { outputNames: ['softmax_output'], labelNames: ['softmax_label'] }))).toHaveLength(1);
  });
});
