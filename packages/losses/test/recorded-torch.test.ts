import { readFileSync } from 'node:fs';
import { array, ones, read, vjp, type NDArray } from '@lossworks/ndarray';
import { difference } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import { variable, type Symbol } from '@lossworks/graph';
import { centerTables, lossFunctions, trainedTableLosses } from '../src/index.js';
import * as losses from '../src/index.js';
import type { AnyLoss } from './loss-samples.js';
import { runSymbol } from './run-symbol.js';

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface TorchCase {
  readonly name: string;
  readonly loss: string;
  /** What computed it; `formula`: written out in PyTorch. */
  readonly origin: 'torch' | 'pytorch-metric-learning' | 'formula';
  readonly options: { readonly [option: string]: unknown };
  readonly inputs: { readonly [input: string]: Recorded };
  readonly output: Recorded;
  readonly grads: { readonly [input: string]: Recorded };
}

const file = new URL('../../testing/recorded/torch-losses.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly TorchCase[] };
const centers = Object.keys(centerTables);
const functions = { ...lossFunctions, ...trainedTableLosses } as unknown as { readonly [name: string]: AnyLoss };

describe('losses and gradients are those recorded from PyTorch 2 and pytorch-metric-learning', () => {
  test.each(cases.filter(({ loss }) => !centers.includes(loss)).map((recorded) => [recorded.name, recorded] as const))('%s', async (_, { loss, options, inputs, output, grads }) => {
    const arrays: { [name: string]: NDArray } = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, array([...data], { shape })]));
    const value = functions[loss]!({ ...arrays, ...options });
    const wanted = Object.keys(grads);
    const [found, ...gradients] = await read([value, ...vjp([value], wanted.map((name) => arrays[name]!), [ones(value.shape)])]);
    expect(difference('loss', found!, output.data)).toBeUndefined();
    wanted.forEach((name, i) => expect(difference(`gradient of ${name}`, gradients[i]!, grads[name]!.data)).toBeUndefined());
  });
});

describe('losses around centers have the derivatives of what PyTorch computes', () => {
  test.each(cases.filter(({ loss }) => centers.includes(loss)).map((recorded) => [recorded.name, recorded] as const))('%s', async (_, { loss, options, inputs, output, grads }) => {
    const { center, ...others } = inputs;
    const create = (losses as unknown as { readonly [name: string]: (options: object) => Symbol })[loss]!;
    const ran = (more: object = {}) =>
      runSymbol(create({ data: variable('data'), label: variable('label'), ...options, ...more, centerUpdate: 'gradient', name: 'loss' }), { ...others, loss_center: center! }, { heads: [ones([1])] });
    const run = await ran();
    // The value is a mean over the batch, the recorded one a sum; a term of the centers alone is in both once.
    const value = run.outputs[0]![0]!;
    const mean = 'island' in options ? (await ran({ island: 0 })).outputs[0]![0]! : value;
    expect(difference('loss', [mean * inputs['data']!.shape[0]! + (value - mean)], output.data)).toBeUndefined();
    expect(difference('gradient of data', run.gradients['data']!, grads['data']!.data)).toBeUndefined();
    expect(difference('gradient of center', run.gradients['loss_center']!, grads['center']!.data)).toBeUndefined();
  });
});

test('what PyTorch or pytorch-metric-learning has is recorded from it, not from a formula written out', () => {
  const entries: [name: string, { readonly peers: readonly string[] }][] = [...Object.entries(functions).map(([name, { loss }]) => [name, loss] as [string, typeof loss]), ...Object.entries(centerTables)];
  const composed = entries.filter(([name, { peers }]) => {
    const origins = cases.filter(({ loss }) => loss === name).map(({ origin }) => origin);
    return peers.some((peer) => (peer === 'torch' || peer === 'pytorch-metric-learning') && !origins.includes(peer) && !origins.includes('torch'));
  });
  expect(composed.map(([name]) => name)).toEqual([]);
});

test('every loss function and every loss around centers has recorded values', () => {
  const recorded = new Set(cases.map(({ loss }) => loss));
  expect([...Object.keys(functions), ...centers].filter((loss) => !recorded.has(loss))).toEqual([]);
});
