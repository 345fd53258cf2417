import { array, concat, ones, read, scalar, sum, vjp, zeros, type NDArray } from '@lossworks/ndarray';
import { variable } from '@lossworks/graph';
import { difference, type LossInput, type LossSampleInputs } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import { ctcLoss, l1Loss, multiMarginLoss, softmaxCrossEntropyLoss, supervisedContrastiveLoss } from '../src/index.js';
import { random, runSymbol } from './run-symbol.js';
import { arraysOf, plainSamples, samples, variablesOf, type NamedSample } from './loss-samples.js';

const table = plainSamples.map((sample) => [sample.name, sample] as const);
/** The first sample of every loss whose samples stand apart, and all of CTC's, which differ in their axes. */
const apart = [...table.filter(([name]) => name !== 'ctcLoss'), ...samples.filter(({ name }) => name === 'ctcLoss').map((sample) => [sample.title, sample] as const)].filter(([, { loss }]) => loss.loss.samples === 'apart');

/** Losses that are no sum over parts of a batch, and what in their formula says so. */
const together: { readonly [name: string]: string } = {
  sdmlLoss: 'the softmax of a row goes over all rows of the other view',
  ntXentLoss: 'all other views of the batch stand in the divisor',
  supervisedContrastiveLoss: 'all other samples of the batch stand in the divisor, and those of the class above',
  proxyAnchorLoss: 'a proxy has one logarithm of a sum over the batch, and the proxies with samples are counted',
};
const whole = table.filter(([, { loss }]) => loss.loss.samples === 'together');

/** Inputs that are labels by class: their derivative is nothing. */
const classLabels = ['softmaxCrossEntropyLoss', 'multiMarginLoss', 'supervisedContrastiveLoss', 'ctcLoss', 'proxyNcaLoss', 'proxyAnchorLoss', 'normFaceLoss', 'sphereFaceLoss', 'cosFaceLoss', 'arcFaceLoss', 'largeMarginLoss'];
/** Inputs shared by all samples: they are not split with the batch. */
const shared = ['radius', 'proxy', 'weight'];

const run = ({ loss, sample }: NamedSample, inputs: LossSampleInputs, more: object = {}): { value: NDArray; gradients: NDArray[] } => {
  const arrays = arraysOf(inputs);
  const value = loss({ ...arrays, ...sample.options, ...more });
  return { value, gradients: vjp([value], sample.wanted.map((name) => arrays[name]!), [ones(value.shape)]) };
};
const flat = async (arrays: readonly NDArray[]): Promise<number[]> => (await read(arrays)).flatMap((data) => [...data]);

/** The axis of the samples: the first, but for the steps of CTC before it. */
const sampleAxis = ({ name, sample: { options = {} } }: NamedSample, input: string): number => Number(name === 'ctcLoss' && input === 'data' && options['layout'] !== 'NTC');
const countOf = (named: NamedSample): number => {
  const input = named.loss.loss.inputs[0]!;
  return named.sample.inputs[input]!.shape[sampleAxis(named, input)]!;
};

/** Samples by their places, of every input that belongs to them. */
function choose(named: NamedSample, places: readonly number[]): LossSampleInputs {
  return Object.fromEntries(Object.entries(named.sample.inputs).map(([name, input]): [string, LossInput] => [name, shared.includes(name) ? input : chosenAlong(input, sampleAxis(named, name), places)]));
}

function chosenAlong({ shape, data }: LossInput, axis: number, places: readonly number[]): LossInput {
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const outer = shape.slice(0, axis).reduce((product, length) => product * length, 1);
  return {
    shape: shape.map((length, each) => (each === axis ? places.length : length)),
    data: Array.from({ length: outer }, (_, o) => places.flatMap((place) => data.slice((o * shape[axis]! + place) * inner, (o * shape[axis]! + place + 1) * inner))).flat(),
  };
}

/** The first gradient with zeros for samples that are put behind. */
function withZeros(named: NamedSample, input: string, gradient: readonly number[]): number[] {
  if (shared.includes(input)) return [...gradient];
  const axis = sampleAxis(named, input);
  const { shape } = named.sample.inputs[input]!;
  const behind = { shape: shape.map((length, each) => (each === axis ? 2 * length : length)), data: [] as number[] };
  const inner = shape.slice(axis).reduce((product, length) => product * length, 1);
  for (let start = 0; start < gradient.length; start += inner) behind.data.push(...gradient.slice(start, start + inner), ...new Array<number>(inner).fill(0));
  return chosenAlong(behind, axis, [...new Array<number>(shape[axis]! + 1).keys()]).data as number[];
}

describe('every loss function', () => {
  test.each(table)('%s: a head gradient scales the gradient', async (_, named) => {
    const arrays = arraysOf(named.sample.inputs);
    const value = named.loss({ ...arrays, ...named.sample.options });
    const wanted = named.sample.wanted.map((name) => arrays[name]!);
    const [once, thrice] = [vjp([value], wanted, [ones([1])]), vjp([value], wanted, [array([3])])];
    const one = await flat(once);
    expect(one.some((each) => each !== 0)).toBe(true);
    expect(difference('gradient', await flat(thrice), one.map((each) => each * 3), { relative: 5e-5, absolute: 2e-6 })).toBeUndefined();
  });

  test.each(table.filter(([name]) => classLabels.includes(name)))('%s: class labels get zeros', async (_, named) => {
    const arrays = arraysOf(named.sample.inputs);
    const [gradient] = vjp([named.loss({ ...arrays, ...named.sample.options })], [arrays['label']!], [ones([1])]);
    expect(await flat([gradient!])).toEqual(named.sample.inputs['label']!.data.map(() => 0));
  });

  test.each(apart)('%s: sums over parts of a batch add up to that of the batch', async (_, named) => {
    const places = [...new Array<number>(countOf(named)).keys()];
    const all = run(named, named.sample.inputs, { reduction: 'sum' });
    const parts = [places.slice(0, -1), places.slice(-1)].map((part) => run(named, choose(named, part), { reduction: 'sum' }));
    const [first, second] = await flat(parts.map(({ value }) => value));
    expect(difference('sum', [first! + second!], await flat([all.value]))).toBeUndefined();
    for (const [i, name] of named.sample.wanted.entries()) {
      const gradients = await read(parts.map(({ gradients: each }) => each[i]!));
      const expected = await read([all.gradients[i]!]);
      const joined = shared.includes(name)
        ? [...gradients[0]!].map((each, k) => each + gradients[1]![k]!)
        : await flat([concat(parts.map(({ gradients: each }) => each[i]!), sampleAxis(named, name))]);
      expect(difference(`gradient of ${name}`, joined, expected[0]!)).toBeUndefined();
    }
  });

  test('those that are no sum over parts of a batch are known, with the reason', () => {
    expect(whole.map(([name]) => name).sort()).toEqual(Object.keys(together).sort());
  });

  test.each(whole.map(([name, named]) => [name, together[name], named] as const))('%s is no such sum: %s', async (_, __, named) => {
    const places = [...new Array<number>(countOf(named)).keys()];
    const sums = await flat([places, places.slice(0, 2), places.slice(2)].map((part) => run(named, choose(named, part), { reduction: 'sum' }).value));
    expect(difference('sum', [sums[1]! + sums[2]!], [sums[0]!])).toBeDefined();
  });

  test.each([...apart, ...whole])('%s: padded rows change neither a mean nor its gradient, and have none', async (_, named) => {
    const { loss, sample } = named;
    const symbol = loss({ ...variablesOf(sample.inputs), ...sample.options, name: 'loss' });
    const count = countOf(named);
    const plain = await runSymbol(symbol, sample.inputs, { heads: [ones([1])] });
    const masked = await runSymbol(symbol, choose(named, [...new Array<number>(count).keys(), 0]), { heads: [ones([1])], validRows: scalar(count) });
    expect(difference('mean', masked.outputs[0]!, plain.outputs[0]!)).toBeUndefined();
    for (const name of sample.wanted) expect(difference(`gradient of ${name}`, masked.gradients[name]!, withZeros(named, name, plain.gradients[name]!))).toBeUndefined();
  });

  test.each(apart)('%s: rows with weight 0 change neither a sum nor its gradient, and have none', async (_, named) => {
    const count = countOf(named);
    const plain = run(named, named.sample.inputs, { reduction: 'sum' });
    const weighed = run(named, choose(named, [...new Array<number>(count).keys(), 0]), { reduction: 'sum', sampleWeight: array([...new Array<number>(count).fill(1), 0]) });
    expect(difference('sum', await flat([weighed.value]), await flat([plain.value]))).toBeUndefined();
    for (const [i, name] of named.sample.wanted.entries()) {
      expect(difference(`gradient of ${name}`, await flat([weighed.gradients[i]!]), withZeros(named, name, await flat([plain.gradients[i]!])))).toBeUndefined();
    }
  });
});

/** Values at which a formula of divisions, logarithms and roots might break. */
const extremes: { readonly [what: string]: (input: LossInput) => number[] } = {
  'scores of ±10000': ({ data }) => data.map((value, i) => (i % 3 === 0 ? value : Math.sign(value) * 1e4)),
  'zero vectors': ({ data }) => data.map(() => 0),
  'identical rows': ({ shape, data }) => data.map((_, i) => data[i % (data.length / shape[0]!)]!),
};
/** Losses of probabilities: other numbers have no meaning for them. */
const ofProbabilities = ['diceLoss', 'tverskyLoss'];
/** What may be infinite, and why. */
const infinite: { readonly [name: string]: string } = { 'poissonLoss at scores of ±10000': 'its value is eˣ' };

describe('stays finite', () => {
  const cases = Object.entries(extremes).flatMap(([what, change]) => table.map(([name, named]) => [`${name} at ${what}`, named, change] as const));
  const finite = async (named: NamedSample, change: (input: LossInput) => number[]): Promise<boolean> => {
    const { inputs, wanted } = named.sample;
    const inside = (values: number[]): number[] => (ofProbabilities.includes(named.name) ? values.map((value) => Math.min(1, Math.max(0, value))) : values);
    const changed = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, wanted.includes(name) || name.startsWith('data') ? { shape: input.shape, data: inside(change(input)) } : input]));
    const { value, gradients } = run(named, changed);
    return (await flat([value, ...gradients])).every(Number.isFinite);
  };

  test.each(cases.filter(([title]) => !(title in infinite)))('%s', async (_, named, change) => {
    expect(await finite(named, change)).toBe(true);
  });

  test.each(cases.filter(([title]) => title in infinite))('not %s, for a reason', async (_, named, change) => {
    expect(await finite(named, change)).toBe(false);
  });

  const withClasses = table.filter(([name, { sample }]) => name !== 'ctcLoss' && classLabels.includes(name) && sample.inputs['label']!.shape.length === 1);
  test.each(withClasses)('%s at one class only', async (_, { loss, sample }) => {
    const { data, label, ...table_ } = sample.inputs as { readonly [input: string]: LossInput } & { readonly data: LossInput; readonly label: LossInput };
    const scores = !('numClass' in (sample.options ?? {})) && loss.loss.name !== 'SupervisedContrastiveLoss';
    const one: LossSampleInputs = {
      data: scores ? random([data.shape[0]!, 1]) : data, label: { shape: label.shape, data: label.data.map(() => 0) },
      ...Object.fromEntries(Object.entries(table_).map(([name, { shape, data: rows }]: [string, LossInput]) => [name, { shape: [1, shape[1]!], data: rows.slice(0, shape[1]) }])),
    };
    const arrays = arraysOf(one);
    const value = loss({ ...arrays, ...sample.options, ...(!scores && 'numClass' in (sample.options ?? {}) && { numClass: 1 }) });
    expect((await flat([value, ...vjp([value], sample.wanted.map((name) => arrays[name]!), [ones([1])])])).every(Number.isFinite)).toBe(true);
  });

  test('one class only', async () => {
    const one = { data: array(random([4, 1]).data, { shape: [4, 1] }), label: zeros([4]) };
    const alike = supervisedContrastiveLoss({ data: array(random([4, 3]).data, { shape: [4, 3] }), label: zeros([4]) });
    const alone = supervisedContrastiveLoss({ data: array(random([4, 3]).data, { shape: [4, 3] }), label: array([0, 1, 2, 3]) });
    expect((await flat([softmaxCrossEntropyLoss(one), multiMarginLoss(one), alike, alone])).every(Number.isFinite)).toBe(true);
  });
});

test('rows with the ignored label have neither loss nor gradient', async () => {
  const data = array(random([3, 4]).data, { shape: [3, 4] });
  const losses = softmaxCrossEntropyLoss({ data, label: array([255, 1, 255]), useIgnore: true, ignoreLabel: 255, smoothing: 0.1, reduction: 'none' });
  const [values, gradient] = await read([losses, vjp([losses], [data], [ones([3])])[0]!]);
  expect([...values!].map((value) => value === 0)).toEqual([true, false, true]);
  expect([...gradient!].map((value) => value === 0)).toEqual([true, true, true, true, false, false, false, false, true, true, true, true]);
});

test('a sequence too short for its labels is infinitely unlikely, and has no gradient', async () => {
  const data = array(random([2, 1, 3]).data, { shape: [2, 1, 3] });
  const loss = ctcLoss({ data, label: array([[1, 1]]), reduction: 'sum' });
  const [value, gradient] = await read([loss, vjp([loss], [data], [ones([1])])[0]!]);
  expect(value![0]).toBe(Infinity);
  expect([...gradient!]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('the gradient of a step of a sequence sums up to 0, however unlikely its labels are', async () => {
  const [steps, classes] = [60, 7];
  const data = array(random([steps, 1, classes], 1, 100).data, { shape: [steps, 1, classes] });
  const loss = ctcLoss({ data, label: array([[1, 2, 2, 5, 3]]), reduction: 'sum' });
  const [value, sums, gradient] = await read([loss, sum(vjp([loss], [data], [ones([1])])[0]!, { axes: 2 }), vjp([loss], [data], [ones([1])])[0]!]);
  expect(value![0]).toBeGreaterThan(1000);
  expect(Math.max(...gradient!)).toBeGreaterThan(0.5);
  expect(Math.max(...sums!.map(Math.abs))).toBeLessThan(2e-6);
});

describe('bad input is one clear error', () => {
  const data = array([[1, 2, 3], [4, 5, 6]]);
  const label = array([0, 2]);
  test.each([
    ['a label of another length', () => softmaxCrossEntropyLoss({ data, label: array([0, 1, 2]) }), /^SoftmaxCrossEntropyLoss: label has shape \[3\], data \[2,3\] needs \[2\]; for probabilities set sparseLabel: false$/],
    ['a label of another size', () => l1Loss({ data, label }), /^L1Loss: label has shape \[2\], data \[2,3\] needs one of as many elements/],
    ['a class that is not there', () => softmaxCrossEntropyLoss({ data, label: array([0, 3]) }), /label is 3 at position 1, outside the 3 classes 0\.\.2; mend the label or use more classes/],
    ['a negative class', () => multiMarginLoss({ data, label: array([-1, 0]) }), /label is -1 at position 0, outside the 3 classes/],
    ['a negative sample weight', () => l1Loss({ data, label: data, sampleWeight: array([1, -2]) }), /sample_weight is -2 at position 1; weights must be at least 0/],
    ['a negative class weight', () => softmaxCrossEntropyLoss({ data, label, classWeight: array([1, -1, 1]) }), /class_weight is -1 at position 1/],
    ['class weights for other classes', () => softmaxCrossEntropyLoss({ data, label, classWeight: array([1, 1]) }), /class_weight has shape \[2\], 3 classes need \[3\]/],
    ['weights for other samples', () => l1Loss({ data, label: data, sampleWeight: array([1, 2, 3, 4]) }), /sample_weight has shape \[4\], losses \[2,3\] need \[2\]/],
    ['an empty batch', () => softmaxCrossEntropyLoss({ data: zeros([0, 3]), label: zeros([0]) }), /data has shape \[0,3\]: the batch is empty/],
    ['logits that are no numbers', () => softmaxCrossEntropyLoss({ data: array([[1, NaN]]), label: array([0]) }), /data holds NaN at position 1; find where it comes from/],
    ['an unknown reduction', () => l1Loss({ data, label: data, reduction: 'average' as never }), /reduction: "average" is not accepted; give none \| mean \| sum \| batch \| batch_sum/],
    ['a parameter out of its limits', () => softmaxCrossEntropyLoss({ data, label, smoothing: 2 }), /smoothing: "2" is not accepted; give float >= 0 <= 1/],
    ['an unknown option', () => l1Loss({ data, label: data, sigma: 1 } as never), /there is no option sigma; the options are data, label/],
    ['a missing input', () => l1Loss({ data } as never), /label is missing; of arrays it needs data, label/],
    ['arrays and symbols together', () => l1Loss({ data, label: variable('label') } as never), /label is no NDArray, while other inputs are/],
    ['one axis where two are needed', () => supervisedContrastiveLoss({ data: label, label }), /data has shape \[2\]; it needs two axes/],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message);
  });

  test('a symbol refuses them when it is bound or run', async () => {
    const symbol = softmaxCrossEntropyLoss({ data: variable('data'), label: variable('label'), name: 'loss' });
    expect(() => symbol.inferShape({ data: [2, 3], label: [3] })).toThrow(/loss \(SoftmaxCrossEntropyLoss\): label has shape \[3\], data \[2,3\] needs \[2\]/);
    await expect(runSymbol(symbol, { data: random([2, 3]), label: { shape: [2], data: [0, 7] } }, { heads: [ones([1])] })).rejects.toThrow(/loss \(SoftmaxCrossEntropyLoss\): label is 7 at position 1/);
    await expect(runSymbol(symbol, { data: { shape: [1, 2], data: [NaN, 0] }, label: { shape: [1], data: [0] } }, { heads: [ones([1])] })).rejects.toThrow(/loss \(SoftmaxCrossEntropyLoss\): data holds NaN at position 0/);
    expect(() => softmaxCrossEntropyLoss({ data: variable('data'), reduction: 'average' as never, name: 'loss' })).toThrow(/loss \(SoftmaxCrossEntropyLoss\): reduction: "average" is not accepted/);
  });
});
