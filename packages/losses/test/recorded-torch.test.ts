import { readFileSync } from 'node:fs';
import { array, ones, read, vjp, type NDArray } from '@lossworks/ndarray';
import { difference } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import { lossFunctions, trainedTableLosses } from '../src/index.js';
import type { AnyLoss } from './loss-samples.js';

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface TorchCase {
  readonly name: string;
  readonly loss: string;
  readonly options: { readonly [option: string]: unknown };
  readonly inputs: { readonly [input: string]: Recorded };
  readonly output: Recorded;
  readonly grads: { readonly [input: string]: Recorded };
}

const file = new URL('../../testing/recorded/torch-losses.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly TorchCase[] };
const functions = { ...lossFunctions, ...trainedTableLosses } as unknown as { readonly [name: string]: AnyLoss };

describe('losses and gradients are those recorded from PyTorch 2 and pytorch-metric-learning', () => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, { loss, options, inputs, output, grads }) => {
    const arrays: { [name: string]: NDArray } = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, array([...data], { shape })]));
    const value = functions[loss]!({ ...arrays, ...options });
    const wanted = Object.keys(grads);
    const [found, ...gradients] = await read([value, ...vjp([value], wanted.map((name) => arrays[name]!), [ones(value.shape)])]);
    expect(difference('loss', found!, output.data)).toBeUndefined();
    wanted.forEach((name, i) => expect(difference(`gradient of ${name}`, gradients[i]!, grads[name]!.data, { relative: 2e-5, absolute: 2e-6 })).toBeUndefined());
  });
});
