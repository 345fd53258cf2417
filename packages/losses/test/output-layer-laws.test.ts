import { reshape, variable, type Symbol } from '@lossworks/graph';
import { array, scalar } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { difference, evaluateExactly } from '@lossworks/testing';
import {
  linearRegressionOutput, logisticRegressionOutput, maeRegressionOutput, makeLoss, softmaxOutput, svmOutput,
} from '../src/index.js';
import { bindTo, labels, random, runSymbol, type SampleInputs } from './run-symbol.js';

const data = variable('data');
const label = variable('label');

interface Layer {
  build(gradScale: number): Symbol;
  readonly inputs: SampleInputs;
  /** What the gradient is that of, for a scale of 1. */
  loss(x: readonly number[], y: readonly number[]): number;
  /** Why the gradient of a row depends on the others, where it does. */
  readonly together?: string;
}

const classes = { data: random([4, 5]), label: labels([3, 0, 4, 1]) };
const targets = { data: random([4, 3]), label: random([4, 3], 2) };
const positions = { data: random([2, 3, 4]), label: { shape: [2, 4], data: [0, 1, 2, 0, 2, 2, 1, 0] } };
const normalizations = ['null', 'batch', 'valid'] as const;
const divided = { null: {}, batch: { together: 'divided by the rows of the batch' }, valid: { together: 'divided by what is valid in the batch' } } as const;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const logSumExp = (row: readonly number[]): number => Math.log(sum(row.map(Math.exp)));
const rows = (x: readonly number[], width: number): number[][] => Array.from({ length: x.length / width }, (_, i) => x.slice(i * width, (i + 1) * width));
/** Σ over rows of −Σ_k t_k log softmax(x)_k, where t sums to 1 or not: its slope is softmax − t. */
const crossEntropy = (x: readonly number[][], target: (row: number, k: number) => number): number => sum(x.map((row, i) => logSumExp(row) - sum(row.map((value, k) => value * target(i, k)))));
const isClass = (y: readonly number[]) => (row: number, k: number): number => Number(y[row] === k);
/** Of one class against the rest. */
const hinges = (power: number) => (x: readonly number[], y: readonly number[]): number => sum(rows(x, 5).map((row, i) => sum(row.map((score, k) => Math.max(0, 1 + (y[i] === k ? -score : score)) ** power))));

const layers: { readonly [name: string]: Layer } = {
  ...Object.fromEntries(normalizations.map((normalization) => [`softmaxOutput ${normalization}`, {
    build: (gradScale: number) => softmaxOutput({ data, label, gradScale, normalization, name: 'loss' }), inputs: classes, ...divided[normalization],
    loss: (x: readonly number[], y: readonly number[]) => crossEntropy(rows(x, 5), isClass(y)) / (normalization === 'null' ? 1 : 4),
  }])),
  'softmaxOutput with smoothing': {
    build: (gradScale) => softmaxOutput({ data, label, gradScale, smoothAlpha: 0.25, name: 'loss' }), inputs: classes,
    loss: (x, y) => crossEntropy(rows(x, 5), (row, k) => (y[row] === k ? 0.75 : 0.25 / 4)),
  },
  'softmaxOutput of positions': {
    build: (gradScale) => softmaxOutput({ data, label, gradScale, multiOutput: true, name: 'loss' }), inputs: positions,
    // MXNet divides by the positions of a sample.
    loss: (x, y) => crossEntropy(y.map((_, i) => [0, 1, 2].map((k) => x[Math.floor(i / 4) * 12 + k * 4 + (i % 4)]!)), isClass(y)) / 4,
  },
  'softmaxOutput of probabilities': {
    build: (gradScale) => softmaxOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, loss: (x, y) => crossEntropy(rows(x, 3), (row, k) => y[row * 3 + k]!),
  },
  linearRegressionOutput: { build: (gradScale) => linearRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, loss: (x, y) => sum(x.map((value, i) => (value - y[i]!) ** 2)) / 6 },
  logisticRegressionOutput: {
    build: (gradScale) => logisticRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, loss: (x, y) => sum(x.map((value, i) => Math.log(1 + Math.exp(value)) - value * y[i]!)) / 3,
  },
  maeRegressionOutput: { build: (gradScale) => maeRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, loss: (x, y) => sum(x.map((value, i) => Math.abs(value - y[i]!))) / 3 },
  svmOutput: { build: (regularizationCoefficient) => svmOutput({ data, label, regularizationCoefficient, name: 'loss' }), inputs: classes, loss: hinges(2) },
  'svmOutput, linear': { build: (regularizationCoefficient) => svmOutput({ data, label, regularizationCoefficient, useLinear: true, name: 'loss' }), inputs: classes, loss: hinges(1) },
  ...Object.fromEntries(normalizations.map((normalization) => [`makeLoss ${normalization}`, {
    build: (gradScale: number) => makeLoss({ data, gradScale, normalization, name: 'loss' }), inputs: { data: random([4, 3]) }, ...divided[normalization],
    loss: (x: readonly number[]) => sum([...x]) / { null: 1, batch: 4, valid: random([4, 3]).data.filter((value) => value > 0).length }[normalization],
  }])),
};

const table = Object.entries(layers);
const scaled = (values: readonly number[], by: number): number[] => values.map((value) => value * by);

describe('every output layer', () => {
  test.each(table)('%s: the gradient is linear in its scale', async (_, { build, inputs }) => {
    const one = await runSymbol(build(1), inputs);
    const three = await runSymbol(build(3), inputs);
    expect(one.gradients['data']!.some((value) => value !== 0)).toBe(true);
    expect(difference('gradient', three.gradients['data']!, scaled(one.gradients['data']!, 3))).toBeUndefined();
    expect(three.outputs).toEqual(one.outputs);
  });

  test.each(table)('%s: in float64, the gradient is the differences of the loss it stands for within 1e-6', async (_, { build, inputs, loss }) => {
    const executor = bindTo(build(1), inputs);
    await executor.forward({ isTrain: true });
    await executor.backward();
    const x = inputs['data']!.data;
    const moved = (at: number, by: number): number => loss(x.map((value, i) => (i === at ? value + by : value)), inputs['label']?.data ?? []);
    const differences = x.map((__, at) => (moved(at, 1e-5) - moved(at, -1e-5)) / 2e-5);
    expect(difference('gradient', evaluateExactly([executor.gradDict['data']!])[0]!, differences, { relative: 1e-6, absolute: 1e-7 })).toBeUndefined();
  });

  test.each(table)('%s: what only hands its output on needs no head gradient either', async (_, { build, inputs }) => {
    const alone = await runSymbol(build(1), inputs);
    const handedOn = await runSymbol(reshape({ data: build(1), shape: [-1] }), inputs);
    expect(handedOn.gradients).toEqual(alone.gradients);
  });

  test.each(table)('%s: a head gradient changes nothing', async (_, { build, inputs }) => {
    const without = await runSymbol(build(1), inputs);
    const head = array(inputs['data']!.data.map((value) => 7 + value), { shape: inputs['data']!.shape });
    const withHead = await runSymbol(build(1), inputs, { heads: [head] });
    expect(withHead.gradients).toEqual(without.gradients);
  });

  test.each(table.filter(([, { inputs }]) => 'label' in inputs))('%s: the label gets zeros', async (_, { build, inputs }) => {
    const { gradients } = await runSymbol(build(1), inputs);
    expect(gradients['label']).toEqual(inputs['label']!.data.map(() => 0));
  });

  const halves = async ({ build, inputs }: Layer): Promise<string | undefined> => {
    const whole = await runSymbol(build(1), inputs);
    const parts = await Promise.all([0, 1].map((half) => runSymbol(build(1), halfOf(inputs, half))));
    return difference('gradient', parts.flatMap(({ gradients }) => gradients['data']!), whole.gradients['data']!);
  };
  test.each(table.filter(([, { together }]) => !together))('%s: a split batch has the gradients of the whole one', async (_, layer) => {
    expect(await halves(layer)).toBeUndefined();
  });
  test.each(table.flatMap(([name, layer]) => (layer.together ? [[name, layer.together, layer] as const] : [])))('%s: a split batch has others: %s', async (_, __, layer) => {
    expect(await halves(layer)).toBeDefined();
  });

  test.each(table)('%s: padded rows have gradients, as in MXNet', async (_, { build, inputs }) => {
    const all = await runSymbol(build(1), inputs);
    const padded = await runSymbol(build(1), inputs, { validRows: scalar(1) });
    expect(padded.gradients).toEqual(all.gradients);
  });

  test.each(table)('%s: stays finite at scores of ±10000', async (_, { build, inputs }) => {
    const extreme = { ...inputs, data: { ...inputs['data']!, data: inputs['data']!.data.map((value, i) => (i % 3 === 0 ? value : Math.sign(value) * 1e4)) } };
    const { outputs, gradients } = await runSymbol(build(1), extreme);
    expect([...outputs.flat(), ...Object.values(gradients).flat()].every(Number.isFinite)).toBe(true);
  });
});

function halfOf(inputs: SampleInputs, half: number): SampleInputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape, data: values }]) => {
    const size = values.length / 2;
    return [name, { shape: [shape[0]! / 2, ...shape.slice(1)], data: values.slice(half * size, (half + 1) * size) }];
  }));
}

describe('softmaxOutput', () => {
  const ignoring = { data, label, useIgnore: true, ignoreLabel: 2, name: 'loss' };
  const kinds = { plain: {}, smoothed: { smoothAlpha: 0.2 }, 'of positions': { multiOutput: true }, 'of the last axis': { preserveShape: true } };
  test.each(Object.entries(kinds).flatMap(([kind, options]) => normalizations.map((normalization) => [kind, normalization, options] as const)))('%s, gives ignored labels a gradient of zero (%s)', async (_, normalization, options) => {
    const shapes = { plain: { data: [3, 4], label: [3] }, multiOutput: { data: [1, 4, 3], label: [1, 3] }, preserveShape: { data: [1, 3, 4], label: [1, 3] } };
    const shape = shapes['multiOutput' in options ? 'multiOutput' : 'preserveShape' in options ? 'preserveShape' : 'plain'];
    const { gradients } = await runSymbol(softmaxOutput({ ...ignoring, ...options, normalization }), { data: random(shape.data), label: { shape: shape.label, data: [2, 0, 2] } });
    const isZero = gradients['data']!.map((value) => value === 0);
    const ofLabel = (place: number): boolean[] => isZero.filter((__, i) => ('multiOutput' in options ? i % 3 : Math.floor(i / 4)) === place);
    expect([0, 1, 2].map((place) => [...new Set(ofLabel(place))])).toEqual([[true], [false], [true]]);
  });

  test('takes whatever its documentation says for the head gradient with outGrad', async () => {
    const inputs = { data: random([2, 3]), label: labels([0, 2]) };
    const plain = await runSymbol(softmaxOutput({ data, label, name: 'loss' }), inputs);
    const head = array([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    const weighted = await runSymbol(softmaxOutput({ data, label, outGrad: true, name: 'loss' }), inputs, { heads: [head] });
    expect(difference('gradient', weighted.gradients['data']!, plain.gradients['data']!.map((value, i) => value * (i + 1)))).toBeUndefined();
  });

  test('refuses a label outside the classes, naming it, its place and the way out', async () => {
    await expect(runSymbol(softmaxOutput({ data, label, name: 'loss' }), { data: random([2, 3]), label: labels([0, 3]) })).rejects.toThrow(/loss \(SoftmaxOutput\): label is 3 at position 1, outside the 3 classes 0\.\.2/);
  });
});
