import { bind } from '@lossworks/graph';
import { create } from '@lossworks/metrics';
import { array, keep, neg, RandomGenerator, read, scratch, slice, transient, waitAll, zeros, type NDArray } from '@lossworks/ndarray';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { lenetModule } from './lenet.js';

/** Runs one step and is done when its results are there. */
export type Workload = () => Promise<unknown>;

/** Ten million parameters in ten arrays. */
const [arrays, size] = [10, 1_000_000];
const batch = 128;
/** Steps in one execution. */
export const groupSizes = [1, 8] as const;

/** What is timed, in groups that take turns; the peer of the same name does the same in PyTorch, where it has one. */
export const workloads: readonly { readonly [name: string]: () => Workload }[] = [
  ...groupSizes.flatMap((count) => [trainings(count, 'sgd', { momentum: 0.9 }), trainings(count, 'adamw', {})]),
  { 'sgd update': () => update('sgd', { momentum: 0.9, weightDecay: 1e-4 }), 'sgd copying': () => copying(2) },
  { 'adamw update': () => update('adamw', {}), 'adamw copying': () => copying(3) },
  { 'five metrics': () => metrics() },
];

/** Whether PyTorch has the same: the update in one call of its own. */
export function hasPeer(name: string): boolean {
  return /^\w+ (update|step)$/.test(name);
}

/** Names end as the others' do with so many steps in one execution. */
export function together(count: number): string {
  return count === 1 ? '' : ` ×${count}`;
}

/** A training and the same without its update. */
function trainings(count: number, name: 'sgd' | 'adamw', options: object): { readonly [name: string]: () => Workload } {
  return { [`${name} step without update${together(count)}`]: () => training(count), [`${name} step${together(count)}`]: () => training(count, name, options) };
}

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
    transient(() => held.forEach((handle) => handle.assign(neg(handle))));
    return waitAll();
  };
}

/**
 * Training steps of an executor and an updater, so many in one execution; their outputs are read. Without an optimizer, the same up to the gradients, which stay in
 * arrays of their own, as PyTorch's do in `grad`. Of those of steps between, a single number is read, without which nothing would compute them.
 */
function training(together: number, name?: 'sgd' | 'adamw', options: object = {}): Workload {
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
  const updater = name && getUpdater(createOptimizer(name, { learningRate: 1e-3, rescaleGradient: 1 / batch, ...options }));
  const indices = names.map((_, i) => i);
  const random = new RandomGenerator(1);
  const fed = Array.from({ length: together }, () => ({ data: random.uniform(inputs.data.shape), softmax_label: array(Float32Array.from({ length: batch }, (_, i) => i % 10)) }));
  return async () => {
    const kept: NDArray[] = [];
    for (const [i, feeds] of fed.entries()) {
      await executor.forwardBackward({ feeds, continues: i > 0 });
      updater?.(indices, gradients, weights);
      const corners = updater || i === together - 1 ? [] : gradients.map((gradient) => slice(gradient, gradient.shape.map(() => 0), gradient.shape.map(() => 1)));
      kept.push(...[...executor.outputs, ...corners].map(keep));
    }
    await read(kept);
  };
}

/** What metrics take of a step: one update of five, on outputs that are read anyway. */
function metrics(): Workload {
  const metric = create(['acc', 'ce', 'precision', 'recall', 'confusion_matrix']);
  const labels = { data: Float32Array.from({ length: batch }, (_, i) => i % 10), shape: [batch] };
  const probabilities = { data: Float32Array.from({ length: batch * 10 }, (_, i) => (1 + (i % 7)) / 40), shape: [batch, 10] };
  return async () => metric.update(labels, probabilities);
}
