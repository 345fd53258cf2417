import { array, evaluationCounts, zeros, type NDArray } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { createSymbol, reshape, simpleBind, variable, type CheckInputs, type Symbol } from '@lossworks/graph';
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

/** What a label, a length or a variance must not be, one row a loss: input, value, and what is said of it. */
const outside: { readonly [loss: string]: readonly (readonly [input: string, value: number, says: string])[] } = {
  softmaxCrossEntropyLoss: [['label', 77, 'outside the 5 classes 0..4'], ['label', -1, 'outside the 5 classes 0..4'], ['label', Infinity, 'outside the 5 classes 0..4']],
  multiMarginLoss: [['label', 77, 'outside the 5 classes 0..4'], ['label', -1, 'outside the 5 classes 0..4']],
  supervisedContrastiveLoss: [['label', -1, 'outside the 16777216 classes 0..16777215'], ['label', 2 ** 24, 'outside the 16777216 classes 0..16777215'], ['label', Infinity, 'outside the 16777216 classes']],
  ctcLoss: [
    ['label', 4, 'outside the 3 classes 1..3 and not the ignored 0; mend the label'], ['label', -1, 'outside the 3 classes 1..3'], ['dataLengths', 6, 'outside 0..5: data has 5 places'],
    ['dataLengths', -2, 'outside 0..5'], ['labelLengths', 4, 'outside 0..3: label has 3 places; mend the length or pad label'], ['labelLengths', -2, 'outside 0..3'],
  ],
  sigmoidCrossEntropyLoss: [['label', 255, 'outside 0..1: labels are 0 and 1'], ['label', -1, 'outside 0..1']],
  focalLoss: [['label', 2, 'outside 0..1: labels are 0 and 1']],
  klDivergenceLoss: [['label', -0.5, 'below 0: labels are probabilities']],
  poissonLoss: [['label', -1, 'below 0: labels are counts']],
  gaussianLoss: [['variance', -1, 'below 0: a variance is no standard deviation']],
  hingeLoss: [['label', 3, 'outside -1..1: labels are −1 and 1']],
  squaredHingeLoss: [['label', 3, 'outside -1..1: labels are −1 and 1']],
  logisticLoss: [['label', 3, "outside -1..1: labels are −1 and 1; for 0 and 1 set labelFormat: 'binary'"]],
  cosineEmbeddingLoss: [['label', 3, 'outside -1..1: labels are −1 and 1']],
  marginRankingLoss: [['label', 3, 'outside -1..1: labels are −1 and 1']],
  contrastiveLoss: [['label', 3, 'outside 0..1: labels are 1 for a pair that is alike']],
  diceLoss: [['label', 2, 'outside 0..1: labels are 0 and 1']],
  tverskyLoss: [['label', 2, 'outside 0..1: labels are 0 and 1']],
  ...Object.fromEntries(['proxyNcaLoss', 'proxyAnchorLoss', 'normFaceLoss', 'sphereFaceLoss', 'cosFaceLoss', 'arcFaceLoss', 'largeMarginLoss'].map((name) => [
    name, [['label', 4, 'outside the 4 classes 0..3; mend the label or use more classes'], ['label', -1, 'outside the 4 classes 0..3']] as const,
  ])),
};
const escaped = (text: string): string => text.replaceAll(/[.*+?()[\]]/g, '\\$&');
const outsideRows = table.flatMap(([name, named]) => (outside[name] ?? []).map((row) => [name, ...row, named] as const));
/** Lengths that are no mistake, for samples without any. */
const lengths: { readonly [input: string]: number } = { dataLengths: 5, labelLengths: 3 };

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

  test('labels of a kind: each loss that has some stands in the table', () => {
    expect(table.filter(([, { loss }]) => 'inputChecks' in loss.loss).map(([name]) => name).sort()).toEqual(Object.keys(outside).sort());
  });

  test.each(outsideRows)('%s: a %s of %d', async (_, input, value, message, named) => {
    const says = new RegExp(`^${named.loss.loss.name}: ${input.replace('L', '_l')} is ${escaped(String(value))} at position 1, ${escaped(message)}`);
    const bad = input in lengths ? array([lengths[input]!, value, lengths[input]!]) : replaced(named, input, value);
    expect(call(named, { [input]: bad })).toThrow(says);
    // What the engine computes is not read for it, and so may be refused only on request.
    expect(call(named, { [input]: computed(bad) })).not.toThrow();
    await expect(check(named, { [input]: Number.isFinite(value) ? computed(bad) : bad })).rejects.toThrow(says);
  });

  test.each(outsideRows.filter(([name]) => name === 'ctcLoss').slice(0, 2))('%s: a %s of %d only within the length given, whichever way labels lie', async (_, __, value, ___, named) => {
    const label = replaced(named, 'label', value);
    const across = label.transpose();
    for (const [second, refused] of [[1, false], [2, true]] as const) {
      for (const given of [{ label }, { label: array([...(await across.data())], { shape: across.shape }), labelLayout: 'TN' }]) {
        const at = 'labelLayout' in given ? 3 : 1;
        const more = { ...given, labelLengths: array([second, 1, 1]) };
        const says = new RegExp(`label is ${value} at position ${at}, outside the 3 classes 1..3;`);
        if (refused) expect(call(named, more)).toThrow(says);
        else expect(call(named, more)).not.toThrow();
        const checked = check(named, { ...more, label: computed(given.label), labelLengths: computed(more.labelLengths) });
        if (refused) await expect(checked).rejects.toThrow(says);
        else await expect(checked).resolves.toBeUndefined();
      }
    }
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
    await expect(runSymbol(symbol, { data: { shape: [0, 2], data: [] }, label: { shape: [0], data: [] } })).rejects.toThrow(/^simpleBind: the shapes given do not determine .*; data has shape \[0,2\], where 0 stands for unknown: give its length; an empty batch has no loss, leave its step out$/);
    expect(() => symbol.inferShape({ data: [2, 2], label: [3] })).toThrow(/label/);
    expect(() => create(name, { numClass: 3, normalization: 'samples' })).toThrow(/^loss \(\w+\): normalization: "samples" is not accepted; give null \| batch/);
  });
});

/** Every way in which a loss stands in a symbol, behind a layer that computes its data. */
const layers: { readonly [name: string]: (data: Symbol) => Symbol } = {
  softmaxOutput: (data) => losses.softmaxOutput({ data, label: variable('label'), name: 'loss' }),
  linearRegressionOutput: (data) => losses.linearRegressionOutput({ data, name: 'loss' }),
  logisticRegressionOutput: (data) => losses.logisticRegressionOutput({ data, name: 'loss' }),
  maeRegressionOutput: (data) => losses.maeRegressionOutput({ data, name: 'loss' }),
  svmOutput: (data) => losses.svmOutput({ data, name: 'loss' }),
  makeLoss: (data) => losses.makeLoss({ data, name: 'loss' }),
  make_loss: (data) => createSymbol('make_loss', { inputs: { data }, name: 'loss' }),
  softmaxCrossEntropy: (data) => losses.softmaxCrossEntropy({ data, label: variable('label'), name: 'loss' }),
  identityAttachKLSparseReg: (data) => losses.identityAttachKLSparseReg({ data, name: 'loss' }),
  CTCLoss: (data) => createSymbol('CTCLoss', { inputs: { data: reshape({ data, shape: [2, 1, 3] }), label: variable('label') }, name: 'loss' }),
  marginLogits: (data) => losses.marginLogits({ data, label: variable('label'), kind: 'arcFace', numClass: 3, name: 'loss' }),
  'a loss function': (data) => losses.l2Loss({ data, name: 'loss' }),
  ...Object.fromEntries(Object.keys(centerTables).map((name) => [name, (data: Symbol) => create(name, { data, numClass: 3 })])),
};

/** Where the data do not determine it. */
const labelShapes: { readonly [name: string]: { readonly label: readonly number[] } } = { CTCLoss: { label: [1, 1] }, softmaxCrossEntropy: { label: [2] } };

describe('every loss in a symbol refuses data that are no numbers', () => {
  losses.registerLossOperators();
  const ran = async (name: string, checkInputs?: CheckInputs) => {
    const symbol = layers[name]!(variable('x').mul(2));
    const executor = simpleBind(symbol, { shapes: { x: [2, 3], ...labelShapes[name] }, ...(checkInputs && { checkInputs }) });
    if (name === 'CTCLoss') executor.argDict['label']!.assign(1);
    executor.argDict['x']!.assign(array([[1, 2, 3], [4, NaN, 6]]));
    await executor.forward({ isTrain: true });
    return executor;
  };
  const says = /^loss \(\w+\): data \(\w+_output\) holds NaN at position 4; find where it comes from .* It arose here: \w+ \(_mul_scalar\): the input data \(x\) is not finite$/;

  test.each(Object.keys(layers))('%s: that the engine computes, when asked, and after every forward where it is bound so', async (name) => {
    const executor = await ran(name);
    await expect(executor.checkInputs()).rejects.toThrow(says);
    await expect(ran(name, 'all')).rejects.toThrow(says);
    executor.argDict['x']!.assign(1);
    await executor.forward({ isTrain: true });
    await expect(executor.checkInputs()).resolves.toBeUndefined();
  });

  test.each(Object.entries(layers).filter(([name]) => name !== 'CTCLoss'))('%s: that are fed in, unless it is to do as MXNet does', async (name, layer) => {
    const symbol = layer(variable('data'));
    const fed = async (checkInputs: CheckInputs) => {
      const executor = simpleBind(symbol, { shapes: { data: [2, 3], ...labelShapes[name] }, checkInputs });
      await executor.forward({ feeds: { data: array([[1, NaN, 3], [4, 5, 6]]) } });
    };
    await expect(fed('fed')).rejects.toThrow(/^loss \(\w+\): data holds NaN at position 1; find where .*; or bind with checkInputs: 'none' to do as MXNet does$/);
    await expect(fed('none')).resolves.toBeUndefined();
  });

  test('a training step costs no run more unless everything is to be checked', async () => {
    const runs = async (checkInputs: CheckInputs): Promise<number> => {
      const executor = simpleBind(layers['softmaxOutput']!(variable('x').mul(2)), { shapes: { x: [2, 3] }, checkInputs });
      const before = evaluationCounts().runs;
      for (let step = 0; step < 3; step++) {
        await executor.forward({ isTrain: true, feeds: { x: array([[1, 2, 3], [4, 5, step]]) } });
        await executor.backward();
        await executor.gradDict['x']!.data();
      }
      return evaluationCounts().runs - before;
    };
    expect([await runs('none'), await runs('fed'), await runs('all')]).toEqual([3, 3, 6]);
  });

  test.each(table)('%s in a symbol: a negative weight', async (_, { loss, sample }) => {
    const symbol = loss({ ...Object.fromEntries(Object.keys(sample.inputs).map((input) => [input, variable(input)])), ...sample.options, sampleWeight: variable('each'), name: 'loss' });
    const executor = simpleBind(symbol, { shapes: Object.fromEntries(Object.entries(sample.inputs).map(([input, { shape }]) => [input, shape])) });
    for (const [input, each] of Object.entries(arraysOf(sample.inputs))) executor.argDict[input]!.assign(each);
    const { each } = executor.argDict;
    each!.assign(array([1, -2, ...new Array<number>(each!.size - 2).fill(1)]));
    const says = /^loss \(\w+\): sample_weight \(each\) is -2 at position 1; weights must be at least 0; or bind with checkInputs: 'none'/;
    await expect(executor.forward({ isTrain: true })).rejects.toThrow(says);
  });

  test('only after a forward', async () => {
    await expect(simpleBind(layers['makeLoss']!(variable('x')), { shapes: { x: [1] } }).checkInputs()).rejects.toThrow(/checkInputs: there was no forward yet/);
  });
});

describe('output layers refuse, with their name', () => {
  test.each(Object.entries(layers))('%s: an empty batch', (name, layer) => {
    const shapes = { data: [0, 3], ...(name in labelShapes && { label: [0, ...labelShapes[name]!.label.slice(1)] }) };
    expect(() => simpleBind(layer(variable('data')), { shapes })).toThrow(/data has shape \[0,3\], where 0 stands for unknown: give its length; an empty batch has no loss/);
  });

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
