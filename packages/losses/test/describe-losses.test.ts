import { group, variable, type Symbol } from '@lossworks/graph';
import { array, vjp, ones, type NDArray } from '@lossworks/ndarray';
import { difference } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import {
  centerLoss, describeLosses, l1Loss, l2Loss, linearRegressionOutput, logisticRegressionOutput, lossWeights, maeRegressionOutput, makeLoss, sigmoidCrossEntropyLoss,
  softmaxCrossEntropyLoss, softmaxOutput, svmOutput,
} from '../src/index.js';
import { labels, random, runSymbol, type SampleInputs } from './run-symbol.js';

const data = variable('data');
const label = variable('label');
const batch = 4;
const classes = { data: random([batch, 3]), label: labels([0, 2, 2, 1]) };
const targets = { data: random([batch, 3]), label: random([batch, 3], 2) };
const chances = { data: targets.data, label: { shape: targets.label.shape, data: targets.label.data.map(Math.abs) } };
const ofArray = ({ shape, data: values }: SampleInputs[string]): NDArray => array([...values], { shape });

const crossEntropy = (x: NDArray): NDArray => softmaxCrossEntropyLoss({ data: x, label: ofArray(classes.label) });
const squares = (x: NDArray): NDArray => l2Loss({ data: x, label: ofArray(targets.label) });
/** With centers at zero. */
const distance = (x: NDArray): NDArray => x.square().sum().mul(0.5 / batch).reshape([1]);

interface Weighed {
  readonly symbol: Symbol;
  readonly inputs: SampleInputs;
  readonly rescaleGrad: number;
  /** The mean that is weighed. */
  readonly mean: (x: NDArray) => NDArray;
  readonly weight: number;
}

const center = (options: object): Symbol => centerLoss({ data, label, numClass: 3, name: 'center', ...options });
const weighed: { readonly [what: string]: Weighed } = {
  'softmaxOutput, averaged by the optimizer': { symbol: softmaxOutput({ data, label, gradScale: 2, name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: crossEntropy, weight: 2 },
  'softmaxOutput that nobody averages': { symbol: softmaxOutput({ data, label, name: 'loss' }), inputs: classes, rescaleGrad: 1, mean: crossEntropy, weight: batch },
  'softmaxOutput averaged by itself': { symbol: softmaxOutput({ data, label, normalization: 'batch', name: 'loss' }), inputs: classes, rescaleGrad: 1, mean: crossEntropy, weight: 1 },
  'softmaxOutput averaged twice': { symbol: softmaxOutput({ data, label, normalization: 'valid', name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: crossEntropy, weight: 1 / batch },
  linearRegressionOutput: { symbol: linearRegressionOutput({ data, label, gradScale: 3, name: 'loss' }), inputs: targets, rescaleGrad: 1 / batch, mean: squares, weight: 3 },
  maeRegressionOutput: { symbol: maeRegressionOutput({ data, label, name: 'loss' }), inputs: targets, rescaleGrad: 1, mean: (x) => l1Loss({ data: x, label: ofArray(targets.label) }), weight: batch },
  logisticRegressionOutput: { symbol: logisticRegressionOutput({ data, label, name: 'loss' }), inputs: chances, rescaleGrad: 1 / batch, mean: (x) => sigmoidCrossEntropyLoss({ data: x, label: ofArray(chances.label) }), weight: 1 },
  'svmOutput': { symbol: svmOutput({ data, label, regularizationCoefficient: 0.5, name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: hinges, weight: 0.5 },
  'centerLoss under makeLoss': { symbol: makeLoss({ data: center({ scale: 0.3 }), gradScale: 2, name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: distance, weight: 0.6 },
  'centerLoss divided twice': { symbol: makeLoss({ data: center({ scale: 0.3, normalization: 'batch' }), name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: distance, weight: 0.3 / batch },
  'a multiple of centerLoss': { symbol: makeLoss({ data: center({}).mul(0.1), normalization: 'batch', name: 'loss' }), inputs: classes, rescaleGrad: 1 / batch, mean: distance, weight: 0.1 },
  'a loss function': { symbol: makeLoss({ data: l2Loss({ data, label, lossWeight: 3, name: 'squares' }), name: 'loss' }), inputs: targets, rescaleGrad: 1, mean: squares, weight: 3 },
  'a loss function for each sample': { symbol: makeLoss({ data: l2Loss({ data, label, reduction: 'batch', name: 'squares' }), name: 'loss' }), inputs: targets, rescaleGrad: 1 / batch, mean: squares, weight: 1 },
};

/** Squared hinge, one against the rest. */
function hinges(x: NDArray): NDArray {
  const sign = array(classes.label.data.flatMap((own) => [0, 1, 2].map((k) => (k === own ? 1 : -1))), { shape: [batch, 3] });
  const violated = l1Loss({ data: x.mul(sign).sub(1), label: array(new Array(12).fill(0), { shape: [batch, 3] }), reduction: 'none' }).sub(x.mul(sign).sub(1)).mul(0.5);
  return violated.square().sum().div(batch).reshape([1]);
}

describe('the weight is the factor of the mean in what the optimizer applies', () => {
  test.each(Object.entries(weighed))('%s', async (_, { symbol, inputs, rescaleGrad, mean, weight }) => {
    const [found] = lossWeights(symbol, { batchSize: batch, rescaleGrad });
    expect(found!.weight).toBeCloseTo(weight, 9);
    const run = await runSymbol(symbol, inputs);
    const x = ofArray(inputs['data']!);
    const [gradient] = vjp([mean(x)], [x], [ones([1])]);
    expect(difference('gradient', run.gradients['data']!.map((value) => value * rescaleGrad), [...(await gradient!.data())].map((value) => value * weight))).toBeUndefined();
  });
});

describe('describeLosses', () => {
  const both = (options: object): Symbol => group([softmaxOutput({ data, label, name: 'softmax' }), makeLoss({ data: center(options), name: 'made' })]);

  test('says what each loss weighs, beside the first', () => {
    expect(describeLosses(both({ scale: 0.01 }), { batchSize: 100 })).toBe([
      'softmax_output: 1 × mean of cross entropy',
      '  = rescaleGrad 0.01 · 100 samples',
      'made_output: 0.01 × mean of center (CenterLoss): ½‖x − c_y‖²; 0.01 of the first',
      '  = rescaleGrad 0.01 · scale 0.01 · 100 samples',
    ].join('\n'));
  });

  test('notes a loss that is divided by the batch twice', () => {
    const text = describeLosses(both({ scale: 1, normalization: 'batch' }), { batchSize: 100 });
    expect(text).toContain('made_output: 0.01 × mean of');
    expect(text).toContain('note: divided by the batch twice, here and by rescaleGrad');
  });

  test('notes a sum that nobody divides', () => {
    expect(describeLosses(both({}), { batchSize: 100, rescaleGrad: 1 })).toContain('note: a sum over the batch that nobody divides by it');
  });

  test('asks for shapes where a weight depends on them, and uses them', () => {
    const symbol = makeLoss({ data: variable('errors'), normalization: 'batch', name: 'loss' });
    expect(describeLosses(symbol, { batchSize: 8 })).toMatch(/loss_output: unknown .*\n.*\n  note: normalization batch depends on the shape of errors: give shapes/);
    expect(lossWeights(symbol, { batchSize: 8, rescaleGrad: 1, shapes: { errors: [8, 5] } })[0]!.weight).toBe(1 / 8);
  });

  test('refuses a symbol without a loss, and a batch of nothing', () => {
    expect(() => describeLosses(variable('data'), { batchSize: 1 })).toThrow(/none of data is a loss; wrap one in makeLoss/);
    expect(() => describeLosses(both({}), { batchSize: 0 })).toThrow(/batchSize 0 must be a whole number/);
  });
});
