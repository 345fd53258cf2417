import { Symbol } from '@lossworks/graph';
import { array, constant, ones, read, sum, vjp, type NDArray } from '@lossworks/ndarray';
import { difference, evaluator, lossInfos, numericGradient, trainedTableInfos, type LossSampleInputs } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import { lossFunctions, registerLossOperators, trainedTableLosses } from '../src/index.js';
import { runSymbol } from './run-symbol.js';
import { arraysOf, plainSamples, samples, variablesOf, type NamedSample } from './loss-samples.js';

const table = samples.map((sample) => [sample.title, sample] as const);
const plain = plainSamples.map((sample) => [sample.name, sample] as const);

/** The losses as recorded over arrays. */
const lossesOf = ({ loss, sample: { options } }: NamedSample, arrays: { readonly [name: string]: NDArray }, more: object = {}): NDArray => loss({ ...arrays, ...options, reduction: 'none', ...more });

test('every loss function has samples', () => {
  expect(Object.keys({ ...lossInfos, ...trainedTableInfos }).sort()).toEqual(Object.keys({ ...lossFunctions, ...trainedTableLosses }).sort());
});

describe('losses are those of an independent reference in float64', () => {
  test.each(table)('%s', async (_, named) => {
    const { info, sample } = named;
    const names = Object.keys(sample.inputs);
    const expected = info.reference(sample.inputs, sample.options ?? {});
    const exact = evaluator((arrays) => [lossesOf(named, Object.fromEntries(names.map((name, i) => [name, arrays[i]!])))], Object.values(sample.inputs));
    // Parameters become float32 constants of the program: 0.3 is one only to 1e-8.
    expect(difference('losses', exact(Object.values(sample.inputs).map(({ data }) => data))[0]!, expected, { relative: 1e-7, absolute: 1e-7 })).toBeUndefined();
    expect(difference('losses on the engine', await lossesOf(named, arraysOf(sample.inputs)).data(), expected)).toBeUndefined();
  });
});

/** d Σ losses · heads / d input, by differences of the reference. */
function referenceGradient({ info, sample }: NamedSample, input: string, heads: readonly number[]): number[] {
  const weighted = (inputs: LossSampleInputs): number => info.reference(inputs, sample.options ?? {}).reduce((total, loss, i) => total + loss * heads[i]!, 0);
  const { shape, data } = sample.inputs[input]!;
  return data.map((x, at) => {
    const moved = (by: number): number => weighted({ ...sample.inputs, [input]: { shape, data: data.map((value, i) => (i === at ? x + by : value)) } });
    const step = 1e-5;
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

describe('gradients are the differences of the reference, in float64 within 1e-6', () => {
  test.each(table)('%s', async (_, named) => {
    const { sample } = named;
    const names = Object.keys(sample.inputs);
    const count = named.info.reference(sample.inputs, sample.options ?? {}).length;
    const heads = Array.from({ length: count }, (__, i) => 0.5 + (i % 3) / 2);
    const exact = evaluator((arrays) => {
      const losses = lossesOf(named, Object.fromEntries(names.map((name, i) => [name, arrays[i]!])));
      return vjp([losses], sample.wanted.map((name) => arrays[names.indexOf(name)]!), [arrays.at(-1)!.reshape(losses.shape)]);
    }, [...Object.values(sample.inputs), { shape: [count], data: heads }]);
    const gradients = exact([...Object.values(sample.inputs).map(({ data }) => data), heads]);
    sample.wanted.forEach((name, i) => {
      expect(difference(`gradient of ${name}`, gradients[i]!, referenceGradient(named, name, heads), { relative: 1e-6, absolute: 1e-7 })).toBeUndefined();
    });
    // The reference of CTC tries every alignment.
  }, 60_000);
});

describe('a symbol computes what the function of arrays computes', () => {
  test.each(table)('%s', async (_, { loss, sample: { inputs, options, wanted } }) => {
    const arrays = arraysOf(inputs);
    const value = loss({ ...arrays, ...options });
    const gradients = vjp([value], wanted.map((name) => arrays[name]!), [ones([1])]);
    const symbol = loss({ ...variablesOf(inputs), ...options, name: 'loss' });
    const run = await runSymbol(symbol, inputs, { heads: [ones([1])] });
    const expected = await read([value, ...gradients]);
    expect(difference('value', run.outputs[0]!, expected[0]!)).toBeUndefined();
    wanted.forEach((name, i) => expect(difference(`gradient of ${name}`, run.gradients[name]!, expected[i + 1]!)).toBeUndefined());
  });

  test.each(plain)('%s names missing inputs after itself and infers what the data implies', (_, { loss, sample }) => {
    const symbol = loss({ name: 'loss', ...sample.options });
    expect(symbol.listArguments()).toEqual(loss.loss.inputs.map((name) => `loss_${name}`));
    const shapes = loss.loss.inputs.map((name) => sample.inputs[name]!.shape);
    const known = loss.loss.name.startsWith('Connectionist') ? 2 : 1;
    const inferred = symbol.inferShapePartial(Object.fromEntries(symbol.listArguments().slice(0, known).map((name, i) => [name, shapes[i]!])));
    expect(inferred.undetermined).toEqual([]);
  });
});

test('every loss function reads back from symbol JSON', () => {
  registerLossOperators();
  for (const { loss, sample } of samples) {
    const text = loss({ ...variablesOf(sample.inputs), ...sample.options, name: 'loss' }).toJSONText();
    expect(Symbol.loadJSON(text).toJSONText()).toBe(text);
  }
});

describe('reductions', () => {
  test.each(plain)('%s: mean, sum and the sums of samples are those of its losses', async (_, named) => {
    const arrays = arraysOf(named.sample.inputs);
    const losses = [...(await lossesOf(named, arrays).data())];
    const total = losses.reduce((sum_, loss) => sum_ + loss, 0);
    const reduced = async (reduction: string) => [...(await lossesOf(named, arrays, { reduction }).data())];
    expect(difference('sum', await reduced('sum'), [total])).toBeUndefined();
    const samplesums = await reduced('batch_sum');
    expect(difference('sum of samples', [samplesums.reduce((sum_, loss) => sum_ + loss, 0)], [total])).toBeUndefined();
    const alone = named.name === 'supervisedContrastiveLoss' ? 1 : 0;
    expect(difference('mean', await reduced('mean'), [total / (losses.length - alone)])).toBeUndefined();
    const means = await reduced('batch');
    expect(means).toHaveLength(samplesums.length);
  });

  test.each(plain)('%s: sample weights multiply each sample’s loss, a weight of 0 takes it out', async (_, named) => {
    const arrays = arraysOf(named.sample.inputs);
    const sums = [...(await lossesOf(named, arrays, { reduction: 'batch_sum' }).data())];
    const weights = sums.map((__, i) => i % 3);
    const weighted = lossesOf(named, arrays, { reduction: 'batch_sum', sampleWeight: array(weights), lossWeight: 0.5 });
    expect(difference('weighted', await weighted.data(), sums.map((sum_, i) => sum_ * weights[i]! * 0.5))).toBeUndefined();
  });

  test('a mean with class weights divides by the weights of the labels, one with an ignored label by the others', async () => {
    const data = array([[1, 2], [3, 1], [0, 4]]);
    const label = array([0, 1, 1]);
    const losses = [...(await lossFunctions.softmaxCrossEntropyLoss({ data, label, reduction: 'none' }).data())];
    const [a, b, c] = losses as [number, number, number];
    const weighted = lossFunctions.softmaxCrossEntropyLoss({ data, label, classWeight: array([3, 0.5]) });
    expect(await weighted.item()).toBeCloseTo((3 * a + 0.5 * b + 0.5 * c) / 4, 5);
    const ignoring = lossFunctions.softmaxCrossEntropyLoss({ data, label, useIgnore: true, ignoreLabel: 0 });
    expect(await ignoring.item()).toBeCloseTo((b + c) / 2, 5);
    const nothing = lossFunctions.softmaxCrossEntropyLoss({ data, label: array([1, 1, 1]), useIgnore: true, ignoreLabel: 1 });
    expect(await nothing.item()).toBe(0);
  });
});

test('derivatives of losses have derivatives', () => {
  const second = numericGradient(([x]) => vjp([sum(lossFunctions.softmaxCrossEntropyLoss({ data: x!, label: constant(1, [1]) }))], [x!], [constant(1)]), [{ shape: [1, 2], data: [0.3, -0.2] }], [[1, 0]]);
  const p = 1 / (1 + Math.exp(-0.5));
  expect(second[0]![0]).toBeCloseTo(p * (1 - p), 6);
});
