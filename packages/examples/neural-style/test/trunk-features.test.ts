import { group, simpleBind } from '@lossworks/graph';
import { array, RandomGenerator, read } from '@lossworks/ndarray';
import { expect, test } from 'vitest';
import { kerasNetwork } from '../src/trunk/keras-trunk.js';
import { readPackagedModel, type PackagedModelName } from '../src/trunk/packaged-model.js';
import { tensorflowFeatures } from './tensorflow-features.js';

// Sizes at which every padding of the network occurs, odd ones too.
test.each<[PackagedModelName, number, string[]]>([
  ['inception-v3', 107, ['activation_1', 'activation_5', 'mixed0', 'mixed3']],
  ['mobilenet-v2', 64, ['Conv1_relu', 'expanded_conv_project_BN', 'block_2_add', 'block_6_expand_relu', 'out_relu']],
])('%s has the features that TensorFlow.js computes', async (name, size, layers) => {
  const pixels = (await new RandomGenerator(3).uniform([size * size * 3], -1, 1).data()) as Float32Array;
  const expected = await tensorflowFeatures(name, layers, pixels, size);
  const { symbol, args, auxiliaryStates } = kerasNetwork(await readPackagedModel(name), [size, size]);
  const internals = symbol.getInternals();
  const executor = simpleBind(group(layers.map((layer) => internals.get(`${layer}_output`))), { shapes: { data: [1, 3, size, size] }, gradReq: 'null' });
  executor.copyParamsFrom(args, auxiliaryStates, { allowExtra: true });
  await executor.forward({ feeds: { data: array(pixels, { shape: [1, size, size, 3] }).transpose([0, 3, 1, 2]) } });
  const found = await read(executor.outputs);
  layers.forEach((layer, i) => {
    expect(executor.outputs[i]!.shape, layer).toEqual(expected[i]!.shape);
    const largest = expected[i]!.data.reduce((most, value, k) => Math.max(most, Math.abs(value - found[i]![k]!)), 0);
    expect(largest, layer).toBeLessThan(1e-3);
    // Not because all is nought.
    expect(expected[i]!.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0), layer).toBeGreaterThan(0.5);
  });
}, 60_000);
