import { array, type NDArray, read } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createOptimizer, FactorScheduler, getUpdater, type Optimizer, optimizerRules, type Updater, type UpdaterState } from '../src/index.js';

const options: { readonly [name: string]: Readonly<Record<string, unknown>> } = {
  sgd: { momentum: 0.9 },
  nag: { momentum: 0.9 },
  lars: { momentum: 0.9 },
  rmsprop: { centered: true },
  dcasgd: { momentum: 0.5 },
  lbsgd: { momentum: 0.9, batchScale: 2 },
};

function make(name: string): Optimizer {
  const own = name === 'groupadagrad' ? {} : { weightDecay: 0.01 };
  return createOptimizer(name, { ...own, ...options[name], learningRate: 0.1, scheduler: new FactorScheduler({ step: 2, factor: 0.5 }) });
}

/** Numbers that look random and are the same for every run. */
const numbers = (size: number, seed: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 37 + i * 11));
const shapes = [[3, 4], [2, 2]] as const;
const fresh = () => shapes.map((shape, i) => array(numbers(shape[0] * shape[1], i), { shape }));

function train(update: Updater, weights: readonly NDArray[], from: number, to: number): void {
  for (let step = from; step < to; step++) {
    weights.forEach((weight, i) => update(i, array(numbers(weight.size, 5 + step * 2 + i), { shape: weight.shape }), weight));
  }
}

/** As a checkpoint does: numbers through JSON, arrays through their elements. */
async function throughFile(state: UpdaterState): Promise<UpdaterState> {
  const arrays: Record<string, NDArray> = {};
  for (const [name, value] of Object.entries(state.arrays)) arrays[name] = array(await value.data(), { shape: value.shape });
  return { arrays, counters: JSON.parse(JSON.stringify(state.counters)) };
}

describe('resuming equals not stopping, bit for bit', () => {
  it.each(Object.keys(optimizerRules))('%s', async (name) => {
    const whole = fresh();
    const update = getUpdater(make(name));
    train(update, whole, 0, 3);
    const saved = await throughFile(update.state());
    const weights = (await read(whole)).map((data, i) => array(data, { shape: shapes[i]! }));
    train(update, whole, 3, 7);

    const resumed = getUpdater(make(name));
    resumed.restore(saved);
    train(resumed, weights, 3, 7);
    expect(await read(weights)).toEqual(await read(whole));
    expect(resumed.state().counters).toEqual(update.state().counters);
  });
});

describe('a snapshot', () => {
  it('does not change with later updates, and may be restored more than once', async () => {
    const [weight] = fresh();
    const update = getUpdater(make('sgd'));
    train(update, [weight!], 0, 2);
    const saved = update.state();
    const momentum = await saved.arrays['0:momentum']!.data();
    train(update, [weight!], 2, 4);
    update.restore(saved);
    train(update, [weight!], 2, 3);
    expect(await saved.arrays['0:momentum']!.data()).toEqual(momentum);
    expect(update.optimizer.numUpdate).toBe(3);
  });

  it.each([
    ['of another optimizer', () => getUpdater(make('adam')).state(), /sgd: the saved counters are of optimizer "adam"/],
    ['made without a scheduler', () => getUpdater(createOptimizer('sgd', { momentum: 0.9 })).state(), /saved without a scheduler.*has one/],
    [
      'with a name that is none',
      () => ({ ...getUpdater(make('sgd')).state(), arrays: { momentum: array([1]) } }),
      /"momentum" is not the name of a saved state; it must read INDEX:STATE/,
    ],
  ])('%s is refused', (_, state, message) => {
    expect(() => getUpdater(make('sgd')).restore(state())).toThrow(message);
  });

  it('of a network with other shapes is refused at the first update', () => {
    const update = getUpdater(make('sgd'));
    train(update, fresh(), 0, 1);
    const other = getUpdater(make('sgd'));
    other.restore(update.state());
    expect(() => other(0, array([1, 2]), array([1, 2]))).toThrow(/needs the state momentum \[2\], the saved one holds momentum \[3,4\]/);
  });
});
