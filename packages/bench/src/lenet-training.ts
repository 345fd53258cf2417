import { bind } from '@lossworks/graph';
import { array, RandomGenerator, read, scratch, zeros } from '@lossworks/ndarray';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { lenetModule } from './lenet.js';

/** Images a step. */
export const batch = 128;

/** Optimizers of the trainings that are timed. */
export const optimizers = { sgd: { momentum: 0.9 }, adamw: {} } as const;

export type OptimizerName = keyof typeof optimizers;

/**
 * A training step of an executor and an updater; its outputs are read. Without an optimizer, the same up to the gradients, which stay in arrays of their own, as PyTorch's do in
 * `grad`.
 */
export function lenetTraining(name?: OptimizerName): () => Promise<unknown> {
  const module = lenetModule(batch);
  const inputs = { data: zeros([batch, 1, 28, 28]), softmax_label: zeros([batch]) };
  const { argParams } = module.getParams();
  const [names, weights] = [Object.keys(argParams), Object.values(argParams)];
  const gradients = weights.map(({ shape }) => (name ? scratch(shape) : zeros(shape)));
  const executor = bind(module.symbol, {
    args: { ...argParams, ...inputs },
    gradients: Object.fromEntries(names.map((each, i) => [each, gradients[i]!])),
    gradReq: Object.fromEntries(names.map((each) => [each, 'write' as const])),
  });
  const updater = name && getUpdater(createOptimizer(name, { learningRate: 1e-3, rescaleGradient: 1 / batch, ...optimizers[name] }));
  const indices = names.map((_, i) => i);
  const random = new RandomGenerator(1);
  const feeds = { data: random.uniform(inputs.data.shape), softmax_label: array(Float32Array.from({ length: batch }, (_, i) => i % 10)) };
  return async () => {
    await executor.forwardBackward({ feeds });
    updater?.(indices, gradients, weights);
    await read(executor.outputs);
  };
}
