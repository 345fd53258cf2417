import { create } from '@lossworks/metrics';
import { neg, RandomGenerator, transient, waitAll, zeros } from '@lossworks/ndarray';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { batch, lenetTraining, type OptimizerName } from './lenet-training.js';

/** Runs one step and is done when its results are there. */
export type Workload = () => Promise<unknown>;

/** Ten million parameters in ten arrays. */
const [arrays, size] = [10, 1_000_000];

/** What is timed, in groups that take turns; the peer of the same name does the same in PyTorch, where it has one. */
export const workloads: readonly { readonly [name: string]: () => Workload }[] = [
  { 'sgd update': () => update('sgd', { momentum: 0.9, weightDecay: 1e-4 }), 'sgd copying': () => copying(2) },
  { 'adamw update': () => update('adamw', {}), 'adamw copying': () => copying(3) },
  { step: () => lenetTraining('sgd'), 'five metrics': () => metrics() },
];

/** Whether PyTorch has the same. */
export function hasPeer(name: string): boolean {
  return name.endsWith(' update');
}

function update(name: OptimizerName, options: object): Workload {
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
    transient(() => held.forEach((handle) => handle.assign(neg(handle))));
    return waitAll();
  };
}

/** What metrics take of a step: one update of five, on outputs that are read anyway. */
function metrics(): Workload {
  const metric = create(['acc', 'ce', 'precision', 'recall', 'confusion_matrix']);
  const labels = { data: Float32Array.from({ length: batch }, (_, i) => i % 10), shape: [batch] };
  const probabilities = { data: Float32Array.from({ length: batch * 10 }, (_, i) => (1 + (i % 7)) / 40), shape: [batch, 10] };
  return async () => metric.update(labels, probabilities);
}
