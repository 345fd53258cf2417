import { ones, RandomGenerator } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { activation, fullyConnected, group, simpleBind, variable, type Executor } from '../src/index.js';

const readings: { readonly [what: string]: (executor: Executor) => Promise<unknown> } = {
  nothing: async () => undefined,
  'the last output': (executor) => executor.outputs[1]!.data(),
  'an output in the middle': (executor) => executor.outputs[0]!.data(),
  'every output': (executor) => Promise.all(executor.outputs.map((output) => output.data())),
};

async function gradients(reading: (executor: Executor) => Promise<unknown>): Promise<number[][]> {
  const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 3, name: 'first' }), actType: 'tanh', name: 'tanh' });
  const symbol = group([hidden, fullyConnected({ data: hidden, numHidden: 2, name: 'second' })]);
  const executor = simpleBind(symbol, { shapes: { data: [4, 5] } });
  const random = new RandomGenerator(1);
  for (const argument of executor.argArrays) argument.assign(random.normal(argument.shape));
  await executor.forward({ isTrain: true });
  await reading(executor);
  await executor.backward([ones([4, 3]), ones([4, 2])]);
  return Promise.all(executor.gradArrays.map(async (gradient) => [...(await gradient!.data())]));
}

describe('gradients do not depend on what was read between forward and backward', async () => {
  const expected = await gradients(readings['nothing']!);
  test.each(Object.entries(readings))('%s', async (_, reading) => {
    const found = await gradients(reading);
    expect(found.flat().some((value) => value !== 0)).toBe(true);
    found.forEach((gradient, i) => gradient.forEach((value, k) => expect(value).toBeCloseTo(expected[i]![k]!, 5)));
  });
});
