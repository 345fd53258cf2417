import { array, zeros, type NDArray } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { variable, type Symbol } from '@lossworks/graph';
import * as losses from '../src/index.js';
import { centerTables, checkLossInputs } from '../src/index.js';
import { arraysOf, plainSamples, type NamedSample } from './loss-samples.js';
import { random, runSymbol } from './run-symbol.js';

const table = plainSamples.map((sample) => [sample.name, sample] as const);
const first = ({ loss }: NamedSample): string => loss.loss.inputs[0]!;

/** A call with one input changed. */
const call = (named: NamedSample, more: object): (() => NDArray) => () => named.loss({ ...arraysOf(named.sample.inputs), ...named.sample.options, ...more });
const check = (named: NamedSample, more: object): Promise<void> => checkLossInputs(named.loss as never, { ...arraysOf(named.sample.inputs), ...named.sample.options, ...more } as never);

/** One number of an input replaced. */
function replaced({ sample }: NamedSample, input: string, value: number): NDArray {
  const { shape, data } = sample.inputs[input]!;
  return array(data.map((each, i) => (i === 1 ? value : each)), { shape });
}
/** The same numbers, computed by the engine. */
const computed = (x: NDArray): NDArray => x.mul(2).mul(0.5);

/** Losses of class indices, and how they name the label. */
const withClasses = table.filter(([name, { loss, sample }]) => !['ctcLoss', 'supervisedContrastiveLoss'].includes(name) && sample.inputs['label'] && 'classIndices' in loss.loss);

describe('every loss function refuses, with its name', () => {
  test.each(table)('%s: data that are no numbers', async (_, named) => {
    const input = first(named);
    const bad = replaced(named, input, NaN);
    const says = new RegExp(`^${named.loss.loss.name}: ${input} holds NaN at position 1; find where it comes from`);
    expect(call(named, { [input]: bad })).toThrow(says);
    expect(call(named, { [input]: computed(bad) })).not.toThrow();
    await expect(check(named, { [input]: computed(bad) })).rejects.toThrow(says);
    await expect(check(named, {})).resolves.toBeUndefined();
  });

  test.each(table)('%s: a negative weight', async (_, named) => {
    const says = new RegExp(`^${named.loss.loss.name}: sample_weight is -2 at position 1; weights must be at least 0`);
    expect(call(named, { sampleWeight: array([1, -2]) })).toThrow(says);
    await expect(check(named, { sampleWeight: computed(array([1, -2])) })).rejects.toThrow(says);
  });

  test.each(withClasses)('%s: a class that is not there', async (_, named) => {
    const says = new RegExp(`^${named.loss.loss.name}: label is 77 at position 1, outside the \\d+ classes 0\\.\\.\\d+`);
    expect(call(named, { label: replaced(named, 'label', 77) })).toThrow(says);
    await expect(check(named, { label: computed(replaced(named, 'label', 77)) })).rejects.toThrow(says);
  });

  test.each(table)('%s: an empty batch', (_, named) => {
    const input = first(named);
    expect(call(named, { [input]: zeros([0, ...named.sample.inputs[input]!.shape.slice(1)]) })).toThrow(new RegExp(`^${named.loss.loss.name}: ${input} has shape \\[0.*the batch is empty`));
  });

  test.each(table.filter(([, { sample }]) => sample.inputs['label']))('%s: a label of another shape', (_, named) => {
    expect(call(named, { label: zeros([7, 5]) })).toThrow(new RegExp(`^${named.loss.loss.name}: label has shape \\[7,5\\], data \\S+ needs`));
  });

  test.each(table)('%s: an unknown reduction', (_, named) => {
    expect(call(named, { reduction: 'average' })).toThrow(/reduction: "average" is not accepted; give none \| mean \| sum \| batch \| batch_sum/);
  });
});

const create = (name: string, options: object): Symbol => (losses as unknown as { readonly [name: string]: (options: object) => Symbol })[name]!({ data: variable('data'), label: variable('label'), ...options, name: 'loss' });
const label = { shape: [2], data: [0, 1] };

describe('every loss around centers refuses, with its name', () => {
  test.each(Object.keys(centerTables))('%s', async (name) => {
    const symbol = losses.makeLoss({ data: create(name, { numClass: 3 }) });
    await expect(runSymbol(symbol, { data: { shape: [2, 1], data: [0, NaN] }, label })).rejects.toThrow(/^loss \(\w+\): data holds NaN at position 1/);
    await expect(runSymbol(symbol, { data: random([2, 2]), label: { shape: [2], data: [0, 3] } })).rejects.toThrow(/^loss \(\w+\): label is 3 at position 1, outside the 3 classes/);
    await expect(runSymbol(symbol, { data: { shape: [0, 2], data: [] }, label: { shape: [0], data: [] } })).rejects.toThrow(/simpleBind: the shapes given do not determine/);
    expect(() => symbol.inferShape({ data: [2, 2], label: [3] })).toThrow(/label/);
    expect(() => create(name, { numClass: 3, normalization: 'samples' })).toThrow(/^loss \(\w+\): normalization: "samples" is not accepted; give null \| batch/);
  });
});

describe('output layers refuse, with their name', () => {
  test.each(['softmaxOutput', 'makeLoss'])('%s: an unknown normalization', (name) => {
    expect(() => (losses as unknown as { readonly [name: string]: (options: object) => Symbol })[name]!({ data: variable('data'), normalization: 'samples', name: 'loss' })).toThrow(/^loss \(\w+\): normalization: "samples" is not accepted; give null \| batch \| valid/);
  });

  test.each(['softmaxOutput', 'linearRegressionOutput', 'logisticRegressionOutput', 'maeRegressionOutput', 'svmOutput'])('%s: a label of another shape', (name) => {
    expect(() => create(name, {}).inferShape({ data: [2, 3], label: [5] })).toThrow(/^loss \(\w+\): label has shape \[5\], data \[2,3\] needs/);
  });
});

test('the checks take the options of the loss', async () => {
  const data = computed(array([[1, 2], [3, 4]]));
  await expect(checkLossInputs(losses.softmaxCrossEntropyLoss, { data, label: array([0, 255]), useIgnore: true, ignoreLabel: 255 })).resolves.toBeUndefined();
  await expect(checkLossInputs(losses.softmaxCrossEntropyLoss, { data, label: computed(array([0, 255])) })).rejects.toThrow(/^SoftmaxCrossEntropyLoss: label is 255 at position 1/);
});
