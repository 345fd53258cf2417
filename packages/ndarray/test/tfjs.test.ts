import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { add, array, currentEngine, mul, sum, tanh, useEngine, vjp, waitAll, zeros, type Engine } from '../src/index.js';
import { fromTensor, toTensor } from '../src/tfjs.js';

let before: Engine;
beforeEach(async () => {
  before = await currentEngine();
});
afterEach(async () => {
  await useEngine(before);
});

describe('arrays and tensors', () => {
  beforeEach(() => useEngine('tfjs:cpu'));

  it.each(['float32', 'int32', 'bool'] as const)('a tensor of %s becomes an array on its memory, and the other way round', async (dtype) => {
    const tensor = tf.tensor([[1, 0], [1, 1]], [2, 2], dtype);
    const { numDataBuffers } = tf.memory();
    const x = await fromTensor(tensor);
    const back = await toTensor(x);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
    expect([x.shape, x.dtype, back.shape, back.dtype]).toEqual([[2, 2], dtype, [2, 2], dtype]);
    tensor.dispose();
    expect([...(await x.data())]).toEqual([1, 0, 1, 1]);
    expect([...(await back.data())]).toEqual([1, 0, 1, 1]);
    back.dispose();
  });

  it('a pending array is computed for its tensor', async () => {
    const tensor = await toTensor(mul(array([1, 2]), 3));
    expect([...(await tensor.data())]).toEqual([3, 6]);
    tensor.dispose();
  });

  it('what no array holds is refused by name', async () => {
    await expect(fromTensor(tf.tensor(['a']))).rejects.toThrow(/fromTensor: a tensor of string .*float32, int32, bool/);
  });

  it('another engine takes a tensor as a copy, and gives none', async () => {
    const tensor = tf.tensor1d([1, 2]);
    await useEngine('onnx');
    expect([...(await add(await fromTensor(tensor), 1).data())]).toEqual([2, 3]);
    await expect(toTensor(array([1]))).rejects.toThrow(/toTensor: the engine is onnx.*useEngine\('tfjs'\)/);
  });
});

it('2,000 steps of a training hold tensors flat, whatever the collector does', async () => {
  await useEngine('tfjs:cpu');
  const [x, weight, momentum] = [array([[1, 2], [3, 4]]), zeros([2]), zeros([2])];
  const counts: number[] = [];
  for (let step = 0; step < 2000; step++) {
    const loss = sum(tanh(add(x.mul(weight), 1)).square());
    const [gradient] = vjp([loss], [weight], [array(1)]);
    momentum.assign(momentum.mul(0.9).add(gradient!));
    weight.assign(weight.sub(momentum.mul(0.01)));
    await waitAll();
    counts.push(tf.memory().numTensors);
  }
  // A collection comes after 1,024 buffers more than twice what is needed.
  expect(Math.max(...counts)).toBeLessThan(1024 + 200);
  expect(Math.max(...counts.slice(-1000)) - Math.max(...counts.slice(0, 1000))).toBeLessThan(200);
}, 60_000);

describe('a choice that cannot be', () => {
  it.each<[claim: string, name: string, options: object, text: RegExp]>([
    ['an engine that is not there', 'tfjss', {}, /there is no engine 'tfjss'; choose onnx, onnx-web, tfjs/],
    ['a back end that is not there', 'tfjs:cuda', {}, /engine tfjs has no back end 'cuda'; choose node-gpu, node, webgpu, wasm, cpu/],
    ['a back end whose package is not installed', 'tfjs:node-gpu', {}, /'node-gpu' is not installed; install it: npm install @tensorflow\/tfjs-node-gpu/],
    ['a back end that this machine cannot have', 'tfjs:webgpu', {}, /'webgpu' does not load: there is no WebGPU here/],
    ['a device that the back end does not run on', 'tfjs:cpu', { device: 'cuda' }, /runs on device 'cpu' with back end 'cpu', not on 'cuda'/],
  ])('%s is named with the way out', async (_, name, options, text) => {
    await expect(useEngine(name, options)).rejects.toThrow(text);
    expect(await currentEngine()).toBe(before);
  });
});
