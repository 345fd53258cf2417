import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { packagedModelFiles, type PackagedModelName } from '../src/trunk/packaged-model.js';

/** Features (1, C, H, W) that TensorFlow.js computes at layers of a packaged model, of an image (1, H, W, 3). */
export async function tensorflowFeatures(name: PackagedModelName, layers: readonly string[], image: Float32Array, size: number): Promise<{ readonly shape: readonly number[]; readonly data: Float32Array }[]> {
  await tf.setBackend('wasm');
  const { json, shards } = await packagedModelFiles(name);
  const topology = JSON.parse(JSON.stringify(json.modelTopology)) as { model_config: { config: { layers: { name: string; config: object }[]; output_layers: unknown } } };
  const { config } = topology.model_config;
  // Up to the last of the layers, for images of another size.
  const last = Math.max(...layers.map((layer) => config.layers.findIndex((each) => each.name === layer)));
  config.layers = config.layers.slice(0, last + 1);
  config.output_layers = layers.map((layer) => [layer, 0, 0]);
  Object.assign(config.layers[0]!.config, { batch_input_shape: [null, size, size, 3] });
  const bytes = Buffer.concat(json.weightsManifest.flatMap((group) => group.paths).map((path) => shards.get(path)!));
  const model = await loadLayersModel(
    {
      load: () => Promise.resolve({
        modelTopology: topology,
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights) as unknown as tf.io.WeightsManifestEntry[],
        weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
      }),
    },
    { strict: false },
  );
  const input = tf.tensor4d(image, [1, size, size, 3]);
  const outputs = [model.predict(input)].flat();
  return outputs.map((output) => {
    const transposed = tf.transpose(output, [0, 3, 1, 2]);
    return { shape: transposed.shape, data: transposed.dataSync() as Float32Array };
  });
}
