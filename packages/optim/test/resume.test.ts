import { array, type NDArray, read } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createOptimizer, createStepper, FactorScheduler, getUpdater, type Optimizer, optimizerRules, type Updater, type UpdaterState } from '../src/index.js';

const options: { readonly [name: string]: Readonly<Record<string, unknown>> } = {
  sgd: { momentum: 0.9 },
  nag: { momentum: 0.9 },
  lars: { momentum: 0.9 },
  rmsprop: { centered: true },
  dcasgd: { momentum: 0.5 },
  lbsgd: { momentum: 0.9, batchScale: 2 },
  muon: { learningRate: 0.01 },
};

/** What any optimizer may be wrapped in. */
const wrapped: { readonly [name: string]: Readonly<Record<string, unknown>> } = {
  'gradients that accumulate': { accumulate: 2 },
  'an average of weights': { averageWeights: 0.9 },
  'steps that may be skipped': { skipNotFinite: true },
  'clipping by global norm and by unit': { clipGlobalNorm: 0.5, clipAdaptive: 0.1 },
  'all of them': { accumulate: 2, averageWeights: 0.9, skipNotFinite: true, clipGlobalNorm: 0.5, momentum: 0.9, rules: [{ match: /^1$/, frozen: true }] },
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

/** In lists, as the module does. */
function trainTogether(update: Updater, weights: readonly NDArray[], from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const gradients = weights.map((weight, i) => array(numbers(weight.size, 5 + step * 2 + i), { shape: weight.shape }));
    update(weights.map((_, i) => i), gradients, weights);
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

/** The same state with each parameter's arrays in another order. */
function turnedRound({ arrays, counters }: UpdaterState): UpdaterState {
  return { arrays: Object.fromEntries(Object.entries(arrays).reverse()), counters };
}

describe('updates in lists, recorded once where every step is the same, equal updates one by one, bit for bit', () => {
  it.each(Object.keys(optimizerRules))('%s', async (name) => {
    const [single, listed] = [fresh(), fresh()];
    const [one, all] = [getUpdater(make(name)), getUpdater(make(name))];
    train(one, single, 0, 4);
    trainTogether(all, listed, 0, 2);
    all.restore(turnedRound(await throughFile(all.state())));
    all.optimizer.setWeightDecayMultipliers({ 1: 1 });
    trainTogether(all, listed, 2, 4);
    expect(await read(listed)).toEqual(await read(single));
  });

  it.each([['one number that becomes two, and one again', { 1: 0.5 }], ['0 and −0', { 0: 0, 1: -0 }]])('%s', async (_, multipliers) => {
    const [single, listed] = [fresh(), fresh()];
    const [one, all] = [getUpdater(make('adamw')), getUpdater(make('adamw'))];
    for (const [step, table] of [{}, multipliers, multipliers, {}].entries()) {
      for (const { optimizer } of [one, all]) optimizer.setLearningRateMultipliers(table);
      train(one, single, step, step + 1);
      trainTogether(all, listed, step, step + 1);
    }
    expect(await read(listed)).toEqual(await read(single));
  });
});

describe('resuming equals not stopping with', () => {
  it.each(Object.entries(wrapped))('%s', async (_, own) => {
    const fromWrapped = () => getUpdater(createOptimizer('sgd', { learningRate: 0.1, ...own }));
    const whole = fresh();
    const update = fromWrapped();
    trainTogether(update, whole, 0, 3);
    const saved = await throughFile(update.state());
    const weights = (await read(whole)).map((data, i) => array(data, { shape: shapes[i]! }));
    trainTogether(update, whole, 3, 7);
    const resumed = fromWrapped();
    resumed.restore(saved);
    trainTogether(resumed, weights, 3, 7);
    expect(await read(weights)).toEqual(await read(whole));
    const averages = (updater: Updater, of: readonly NDArray[]) => of.map((weight, i) => updater.evaluationWeight(i, weight));
    expect(await read(averages(resumed, weights))).toEqual(await read(averages(update, whole)));
  });

  it.each(['sam', 'lbfgs', 'schedulefreeadamw'] as const)('%s as a stepper', async (name) => {
    const closureOf = (weights: readonly NDArray[]) => () => ({
      loss: weights.map((weight) => weight.sub(0.3).square().square().sum()).reduce((a, b) => a.add(b)),
      gradients: weights.map((weight) => weight.sub(0.3).mul(weight.sub(0.3).square()).mul(4)),
    });
    const whole = fresh();
    const stepper = createStepper(name, whole);
    for (let step = 0; step < 3; step++) await stepper.step(closureOf(whole));
    const saved = await throughFile(stepper.state());
    const weights = (await read(whole)).map((data, i) => array(data, { shape: shapes[i]! }));
    for (let step = 0; step < 3; step++) await stepper.step(closureOf(whole));
    const resumed = createStepper(name, weights);
    resumed.restore(saved);
    for (let step = 0; step < 3; step++) await resumed.step(closureOf(weights));
    expect(await read(weights)).toEqual(await read(whole));
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
    expect(() => other(0, array([1, 2]), array([1, 2]))).toThrow(/^sgd: parameter 0 needs the state momentum \[2\], this one holds momentum \[3,4\]; .*restore it with the optimizer and network it was saved with/);
  });
});
