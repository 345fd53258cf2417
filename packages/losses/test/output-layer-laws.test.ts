import { reshape, variable, type Symbol } from '@lossworks/graph';
import { array } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { difference } from '@lossworks/testing';
import {
  linearRegressionOutput, logisticRegressionOutput, maeRegressionOutput, makeLoss, softmaxOutput, svmOutput,
} from '../src/index.js';
import { labels, random, runSymbol, type SampleInputs } from './run-symbol.js';

const data = variable('data');
const label = variable('label');

interface Layer {
  build(gradScale: number): Symbol;
  readonly inputs: SampleInputs;
  /** Whether the gradient of a row does not depend on the others: true where nothing is divided by counts of the batch. */
  readonly rowsApart?: boolean;
}

const classes = { data: random([4, 5]), label: labels([3, 0, 4, 1]) };
const targets = { data: random([4, 3]), label: random([4, 3], 2) };
const positions = { data: random([2, 3, 4]), label: { shape: [2, 4], data: [0, 1, 2, 0, 2, 2, 1, 0] } };
const normalizations = ['null', 'batch', 'valid'] as const;

const layers: { readonly [name: string]: Layer } = {
  ...Object.fromEntries(normalizations.map((normalization) => [`softmaxOutput ${normalization}`, {
    build: (gradScale: number) => softmaxOutput({ data, label, gradScale, normalization, name: 'loss' }), inputs: classes, rowsApart: normalization === 'null',
  }])),
  'softmaxOutput with smoothing': { build: (gradScale) => softmaxOutput({ data, label, gradScale, smoothAlpha: 0.2, name: 'loss' }), inputs: classes, rowsApart: true },
  'softmaxOutput of positions': { build: (gradScale) => softmaxOutput({ data, label, gradScale, multiOutput: true, name: 'loss' }), inputs: positions, rowsApart: true },
  'softmaxOutput of probabilities': { build: (gradScale) => softmaxOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, rowsApart: true },
  linearRegressionOutput: { build: (gradScale) => linearRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, rowsApart: true },
  logisticRegressionOutput: { build: (gradScale) => logisticRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, rowsApart: true },
  maeRegressionOutput: { build: (gradScale) => maeRegressionOutput({ data, label, gradScale, name: 'loss' }), inputs: targets, rowsApart: true },
  svmOutput: { build: (regularizationCoefficient) => svmOutput({ data, label, regularizationCoefficient, name: 'loss' }), inputs: classes, rowsApart: true },
  'svmOutput, linear': { build: (regularizationCoefficient) => svmOutput({ data, label, regularizationCoefficient, useLinear: true, name: 'loss' }), inputs: classes, rowsApart: true },
  ...Object.fromEntries(normalizations.map((normalization) => [`makeLoss ${normalization}`, {
    build: (gradScale: number) => makeLoss({ data, gradScale, normalization, name: 'loss' }), inputs: { data: random([4, 3]) }, rowsApart: normalization === 'null',
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

  test.each(table.filter(([, { rowsApart }]) => rowsApart))('%s: a split batch has the gradients of the whole one', async (_, { build, inputs }) => {
    const whole = await runSymbol(build(1), inputs);
    const parts = await Promise.all([0, 1].map((half) => runSymbol(build(1), halfOf(inputs, half))));
    expect(difference('gradient', parts.flatMap(({ gradients }) => gradients['data']!), whole.gradients['data']!)).toBeUndefined();
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
  test.each(normalizations)('gives ignored rows a gradient of zero (%s)', async (normalization) => {
    const symbol = softmaxOutput({ data, label, useIgnore: true, ignoreLabel: 2, normalization, name: 'loss' });
    const { gradients } = await runSymbol(symbol, { data: random([3, 4]), label: labels([2, 0, 2]) });
    expect(gradients['data']!.map((value) => value === 0)).toEqual([true, true, true, true, false, false, false, false, true, true, true, true]);
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
