import { group, simpleBind, Symbol, variable, type Executor } from '@lossworks/graph';
import { array, scalar } from '@lossworks/ndarray';
import { centerInfos, type LossInfo, type LossSample } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { plainSamples } from './loss-samples.js';
import { labels, numbers, random, type SampleInputs } from './run-symbol.js';

interface Network {
  readonly build: () => Symbol;
  readonly inputs: SampleInputs;
}

const { makeLoss } = losses;
const creators = losses as unknown as { readonly [name: string]: (options: { readonly [option: string]: unknown }) => Symbol };
const [data, label] = [variable('data'), variable('label')];
const variables = (inputs: SampleInputs): { [name: string]: Symbol } => Object.fromEntries(Object.keys(inputs).map((name) => [name, variable(name)]));
const classes = { data: random([4, 5]), label: labels([3, 0, 4, 1]) };
const targets = { data: random([4, 3]), label: random([4, 3], 2) };

/** A loss of each entry of the tables: functions, class tables and output layers. */
const networks: readonly (readonly [string, Network])[] = [
  ...plainSamples.map(({ name, loss, sample: { inputs, options } }): readonly [string, Network] =>
    [name, { build: () => makeLoss({ data: loss({ ...variables(inputs), ...options }) as Symbol }), inputs }]),
  ...Object.entries(centerInfos as { readonly [name: string]: LossInfo }).map(([name, { samples }]): readonly [string, Network] => {
    const { inputs: { center: _, ...inputs }, options } = Object.values(samples)[0] as LossSample;
    return [name, { build: () => makeLoss({ data: creators[name]!({ data, label, ...options, name: 'loss' }) }), inputs }];
  }),
  ...['softmaxOutput', 'svmOutput'].map((name): readonly [string, Network] => [name, { build: () => creators[name]!({ data, label, name: 'loss' }), inputs: classes }]),
  ...['linearRegressionOutput', 'logisticRegressionOutput', 'maeRegressionOutput'].map((name): readonly [string, Network] => [name, { build: () => creators[name]!({ data, label, name: 'loss' }), inputs: targets }]),
];

/** Outputs, gradients and states after each of three passes over data that changes. */
async function trained({ build, inputs }: Network, pass: (executor: Executor) => Promise<unknown>): Promise<number[][][]> {
  const executor = simpleBind(group([build()]), { shapes: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])) });
  for (const [name, { data: values, shape }] of Object.entries(inputs)) executor.argDict[name]!.assign(array([...values], { shape }));
  executor.auxArrays.forEach((state, i) => state.assign(array([...random(state.shape, i + 5, 0.3).data], { shape: state.shape })));
  const [first] = executor.argArrays;
  const steps: number[][][] = [];
  for (let step = 0; step < 3; step++) {
    await pass(executor);
    steps.push(await Promise.all([...executor.outputs, ...executor.gradArrays, ...executor.auxArrays].map((each) => numbers(each!))));
    first!.assign(first!.mul(0.75));
  }
  return steps;
}

describe('a training pass that is recorded once gives what recording it each time gives', () => {
  test.each(networks)('%s', async (_, network) => {
    const validRows = scalar(2);
    const repeated = await trained(network, (executor) => executor.forwardBackward({ validRows }));
    const anew = await trained(network, async (executor) => {
      await executor.forward({ isTrain: true, validRows });
      await executor.backward();
    });
    expect(repeated).toEqual(anew);
  });
});
