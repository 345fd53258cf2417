import { fullyConnected, simpleBind, type Symbol } from '@lossworks/graph';
import { softmaxOutput } from '@lossworks/losses';
import { create } from '@lossworks/metrics';
import { array, neg, RandomGenerator, read, waitAll, zeros, type NDArray } from '@lossworks/ndarray';
import { createOptimizer, getUpdater, type Updater } from '@lossworks/optim';
import { lenetHidden } from './lenet.js';

/** Runs one step and is done when its results are there. */
export type Workload = () => Promise<unknown>;

/** Ten million parameters in ten arrays. */
const [arrays, size] = [10, 1_000_000];
const batch = 128;

/** What is timed, in groups that take turns; the peer of the same name does the same in PyTorch, where it has one. */
export const workloads: readonly { readonly [name: string]: () => Workload }[] = [
  { 'sgd update': () => update('sgd', { momentum: 0.9, weightDecay: 1e-4 }), 'sgd copying': () => copying(2) },
  { 'adamw update': () => update('adamw', {}), 'adamw copying': () => copying(3) },
  {
    'step without update': () => training(undefined, {}),
    'sgd step': () => training('sgd', { momentum: 0.9 }),
    'adamw step': () => training('adamw', {}),
    'five metrics': () => metrics(),
  },
];

function update(name: 'sgd' | 'adamw', options: object): Workload {
  const random = new RandomGenerator(1);
  const weights = Array.from({ length: arrays }, () => random.normal([size], 0, 1));
  const gradients = weights.map(() => random.normal([size], 0, 1));
  const updater = getUpdater(createOptimizer(name, { learningRate: 1e-3, ...options }));
  const indices = weights.map((_, i) => i);
  return () => {
    updater(indices, gradients, weights);
    return waitAll();
  };
}

/** The least arithmetic on as many arrays in and out as an update has beside its gradients: what handing them over takes. */
function copying(each: number): Workload {
  const held = Array.from({ length: arrays * each }, () => zeros([size]));
  return () => {
    for (const handle of held) handle.assign(neg(handle));
    return waitAll();
  };
}

/** A whole step of LeNet on images made up once, its outputs read; without an update the gradients are computed all the same. */
function training(name: 'sgd' | 'adamw' | undefined, options: object): Workload {
  const random = new RandomGenerator(1);
  const executor = simpleBind(network(), {
    shapes: { data: [batch, 1, 28, 28], softmax_label: [batch] },
    gradReq: Object.fromEntries(network().listArguments().filter(isParameter).map((each) => [each, 'write' as const])),
  });
  const parameters = Object.keys(executor.gradDict).filter(isParameter);
  for (const each of parameters.filter((parameter) => parameter.endsWith('_weight'))) {
    const weight = executor.argDict[each]!;
    weight.assign(random.normal(weight.shape, 0, Math.sqrt(weight.shape[0]! / weight.size)));
  }
  const data = random.uniform([batch, 1, 28, 28]);
  const label = array(Float32Array.from({ length: batch }, (_, i) => i % 10));
  const pick = (from: Readonly<Record<string, NDArray | null>>): NDArray[] => parameters.map((each) => from[each]!);
  const updater: Updater | undefined = name && getUpdater(createOptimizer(name, { learningRate: 1e-3, rescaleGradient: 1 / batch, ...options }));
  return async () => {
    await executor.forward({ isTrain: true, feeds: { data, softmax_label: label } });
    await executor.backward();
    updater?.(parameters.map((_, i) => i), pick(executor.gradDict), pick(executor.argDict));
    await read(executor.outputs);
  };
}

/** What metrics take of a step: one update of five, on outputs that are read anyway. */
function metrics(): Workload {
  const metric = create(['acc', 'ce', 'precision', 'recall', 'confusion_matrix']);
  const labels = { data: Float32Array.from({ length: batch }, (_, i) => i % 10), shape: [batch] };
  const probabilities = { data: Float32Array.from({ length: batch * 10 }, (_, i) => (1 + (i % 7)) / 40), shape: [batch, 10] };
  return async () => metric.update(labels, probabilities);
}

function isParameter(name: string): boolean {
  return name.endsWith('_weight') || name.endsWith('_bias');
}

function network(): Symbol {
  const hidden = lenetHidden();
  return softmaxOutput({ data: fullyConnected({ data: hidden, numHidden: 10, name: 'fc2' }), name: 'softmax' });
}
