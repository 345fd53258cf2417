import { array, evaluationCounts, gather, constant, ones, read, scatterAdd, sub, sum, tanh, type NDArray } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { blockGrad, checkGradient, customOp, fullyConnected, group, registerOperator, simpleBind, Symbol, variable } from '../src/index.js';

const softened = customOp({ name: 'Softened', forward: ({ data }) => tanh(data).add(data.mul(0.1)) });
const scaled = customOp({
  name: 'Scaled', inputs: ['data', 'factor'],
  forward: ({ data, factor }) => data.mul(factor),
  backward: ({ data, factor }, { outputGradients: [head] }) => ({ data: head!.mul(factor), factor: head!.mul(data) }),
});
const wrong = customOp({ name: 'Wrong', forward: ({ data }) => data.mul(data), backward: ({ data }, { outputGradients: [head] }) => ({ data: head!.mul(data) }) });
/** Class means that follow the data: sums and counts are contributed, means are committed. */
const followed = customOp({
  name: 'Followed', inputs: ['data', 'label'], isLoss: true,
  states: { mean: ({ data }) => [3, data[1]!] },
  inferInputs: ([batch]) => ({ label: [batch!] }),
  forward: ({ data, label }, { states: { mean } }) => sum(sub(data, gather(mean, label)).square(), { axes: 1 }),
  backward: ({ data, label }, { states: { mean } }) => ({ data: sub(data, gather(mean, label)).mul(2) }),
  contribute: ({ data, label }) => ({
    sums: scatterAdd(constant(0, [3, data.shape[1]!]), label, data),
    counts: scatterAdd(constant(0, [3, 1]), label, constant(1, [data.shape[0]!, 1])),
  }),
  commit: ({ mean }, { sums, counts }) => ({ mean: mean.add(sums!).div(counts!.add(1)) }),
});

const inputs = { data: [[0.3, -1.2], [0.7, 0.4]], factor: [[2, -1], [0.5, 3]] };

describe('customOp', () => {
  test('derives the gradient where backward is left out', async () => {
    await expect(checkGradient(softened({ data: variable('data') }), { inputs: { data: inputs.data } })).resolves.toHaveLength(1);
  });

  test('takes the gradient that backward gives', async () => {
    await expect(checkGradient(scaled({ data: variable('data'), factor: variable('factor') }), { inputs })).resolves.toHaveLength(2);
    await expect(checkGradient(wrong({ data: variable('data') }), { inputs: { data: inputs.data } })).rejects.toThrow(/gradient of data\[\d\] is .* differences give/);
  });

  test('names its node, its missing inputs and its states like any operator', () => {
    const symbol = followed({ data: variable('data'), name: 'means' });
    expect(symbol.listArguments()).toEqual(['data', 'means_label']);
    expect(symbol.listAuxiliaryStates()).toEqual(['means_mean']);
    expect(symbol.inferShape({ data: [4, 2] })).toMatchObject({ arguments: [[4, 2], [4]], outputs: [[4]], auxiliaryStates: [[3, 2]] });
    expect(followed().name).toBe('followed0');
  });

  test('reads back from symbol JSON once it is registered', () => {
    registerOperator(followed.operator);
    const text = followed({ data: variable('data'), name: 'means' }).toJSONText();
    expect(Symbol.loadJSON(text).toJSONText()).toBe(text);
  });

  test('commits what micro-batches contributed together as one batch would, once', async () => {
    const rows = { data: [[1, 2], [3, 4], [5, 6], [7, 8]], label: [0, 2, 0, 0] };
    // What is followed is an output too, and so an array that the next batches assign to.
    const hidden = variable('data').mul(2);
    const network = group([followed({ data: hidden, label: variable('label'), name: 'means' }), blockGrad({ data: hidden })]);
    const bound = (batch: number) => simpleBind(network, { shapes: { data: [batch, 2] } });
    const feed = (from: number, to: number) => ({ data: array(rows.data.slice(from, to)), label: array(rows.label.slice(from, to)) });
    const whole = bound(4);
    await whole.forward({ isTrain: true, feeds: feed(0, 4) });
    await whole.backward();
    const parts = bound(1);
    for (const from of [0, 1, 2, 3]) {
      await parts.forward({ isTrain: true, feeds: feed(from, from + 1) });
      await parts.backward(undefined, { commit: false });
      await parts.backward(undefined, { commit: false });
    }
    parts.commit();
    const [one, other] = await read([whole.auxArrays[0]!, parts.auxArrays[0]!]);
    expect([...one!]).toEqual([...other!]);
    expect([...one!].slice(2, 4)).toEqual([0, 0]);
    expect(one![0]).toBeCloseTo(26 / 4, 6);
  });

  test.each([
    ['a loss without backward', { name: 'Bad', isLoss: true, forward: ({ data }: { data: NDArray }) => data }, /needs backward/],
    ['contributions that nobody commits', { name: 'Bad', forward: ({ data }: { data: NDArray }) => data, contribute: () => ({}) }, /belong together/],
  ])('refuses %s', (_, definition, message) => {
    expect(() => customOp(definition)).toThrow(message);
  });

  test('says which operator gave another number of outputs', async () => {
    const two = customOp({ name: 'Two', outputs: ['a', 'b'], forward: ({ data }) => data });
    expect(() => two({ data: variable('data'), name: 'pair' }).inferShape({ data: [2] })).toThrow(/pair \(Two\): forward gave 1 arrays for the 2 outputs a, b/);
  });
});

test('a training step with custom operators and states is one run of the engine', async () => {
  const hidden = softened({ data: fullyConnected({ data: variable('data'), numHidden: 2, name: 'fc' }) });
  const symbol = group([followed({ data: hidden, label: variable('label'), name: 'means' }), scaled({ data: hidden, factor: variable('factor'), name: 'scaled' })]);
  const executor = simpleBind(symbol, { shapes: { data: [4, 3], factor: [4, 2] } });
  const weight = executor.argDict['fc_weight']!;
  weight.assign(array([[0.1, 0.2, -0.3], [0.4, -0.5, 0.6]]));
  const step = async (): Promise<void> => {
    await executor.forward({ isTrain: true, feeds: { data: ones([4, 3]), label: array([0, 1, 2, 0]), factor: ones([4, 2]) } });
    await executor.backward([null, ones([4, 2])]);
    weight.assign(weight.sub(executor.gradDict['fc_weight']!.mul(0.1)));
    await executor.outputs[0]!.data();
  };
  await step();
  const before = evaluationCounts();
  for (let i = 0; i < 3; i++) await step();
  const after = evaluationCounts();
  expect(after.runs - before.runs).toBe(3);
  expect(after.compilations - before.compilations).toBeLessThanOrEqual(1);
});
