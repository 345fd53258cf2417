import { array, evaluationCounts, type NDArray, waitAll, zeros } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createOptimizer, createTransform, FactorScheduler, getUpdater, type ParameterRule } from '../src/index.js';

const values = async (arrays: readonly NDArray[]) => Promise.all(arrays.map(async (each) => Array.from(await each.data(), (x) => Math.round(x * 1e5) / 1e5)));
const indexToName = { 0: 'conv_weight', 1: 'conv_bias' };

/** Weights [3,4] and [0] after one step of SGD with rate 1 and the gradients [3,0] and [4]. */
async function oneStep(options: Readonly<Record<string, unknown>>): Promise<number[][]> {
  const weights = [array([3, 4]), array([0])];
  getUpdater(createOptimizer('sgd', { learningRate: 1, indexToName, ...options }))([0, 1], [array([3, 0]), array([4])], weights);
  return values(weights);
}

describe('one step of sgd with', () => {
  it.each<[string, Readonly<Record<string, unknown>>, number[][]]>([
    ['nothing', {}, [[0, 4], [-4]]],
    ['a global norm above the gradients\'', { clipGlobalNorm: 6 }, [[0, 4], [-4]]],
    ['a global norm of 1: 5 is what they have together', { clipGlobalNorm: 1 }, [[2.4, 4], [-0.8]]],
    ['a global norm of the rescaled gradients', { clipGlobalNorm: 1, rescaleGradient: 0.5 }, [[2.4, 4], [-0.8]]],
    ['gradients of at most 0.1 of the weight\'s norm', { clipAdaptive: 0.1 }, [[2.5, 4], [-0.0001]]],
    ['a rule that triples the rate of biases', { rules: [{ match: /bias$/, learningRateMultiplier: 3 }] }, [[0, 4], [-12]]],
    ['a rule that lets no weight decay', { weightDecay: 1, rules: [{ match: /weight/, weightDecayMultiplier: 0 }] }, [[0, 4], [-4]]],
    ['a rule against an attribute', { attributes: { conv_bias: { __lr_mult__: '7' } }, rules: [{ match: /bias/, learningRateMultiplier: 2 }] }, [[0, 4], [-8]]],
    ['the first of two rules', { rules: [{ match: /bias/, learningRateMultiplier: 2 }, { match: /conv/g, learningRateMultiplier: 0 }] }, [[3, 4], [-8]]],
    ['frozen biases, whose gradient is no part of the norm', { clipGlobalNorm: 1, rules: [{ match: /bias/, frozen: true }] }, [[2, 4], [0]]],
    ['another optimizer for biases', { rules: [{ match: /bias/, transform: createTransform('lion') }] }, [[0, 4], [-1]]],
  ])('%s', async (_, options, wanted) => expect(await oneStep(options)).toEqual(wanted));
});

describe('gradients that accumulate', () => {
  it('step with their mean once they are together, and count as one for schedules and moments', async () => {
    const run = async (accumulate: number, gradients: readonly number[]) => {
      const scheduler = new FactorScheduler({ step: 1, factor: 0.5, baseLearningRate: 0.1 });
      const optimizer = createOptimizer('adam', { learningRate: 0.1, scheduler, accumulate });
      const weight = array([1]);
      const update = getUpdater(optimizer);
      for (const gradient of gradients) update(0, array([gradient]), weight);
      return [await weight.item(), optimizer.numUpdate, optimizer.updateCount(0)];
    };
    expect(await run(2, [1, 3, 5, 1])).toEqual(await run(1, [2, 3]));
    expect(await run(2, [1])).toEqual([1, 1, 1]);
  });
});

describe('a step with gradients that are not finite', () => {
  it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('changes no parameter for %f in one of them, and is counted', async (bad) => {
    const weights = [array([1, 2]), array([3])];
    const update = getUpdater(createOptimizer('sgd', { learningRate: 1, momentum: 0.9, skipNotFinite: true }));
    update([0, 1], [array([1, 1]), array([1])], weights);
    update([0, 1], [array([1, bad]), array([1])], weights);
    expect(await values(weights)).toEqual([[0, 1], [2]]);
    expect(await update.states.get('1')!.skipped!.item()).toBe(1);
    update([0, 1], [array([1, 1]), array([1])], weights);
    expect(await values(weights)).toEqual([[-1.9, -0.9], [0.1]]);
  });
});

describe('an average of weights', () => {
  it('is what evaluation gets, and leaves training as it is', async () => {
    const weight = array([1]);
    const update = getUpdater(createOptimizer('sgd', { learningRate: 1, averageWeights: 0.5 }));
    update(0, array([1]), weight);
    update(0, array([2]), weight);
    expect(await values([weight, update.evaluationWeight(0, weight)])).toEqual([[-2], [-0.75]]);
  });

  it('is the weight itself where none is kept', () => {
    const weight = array([1]);
    expect(getUpdater(createOptimizer('adamw')).evaluationWeight(0, weight)).toBe(weight);
  });
});

describe('everything together', () => {
  it('compiles no more than twice for each of accumulating and stepping, whatever changes', async () => {
    const rules: ParameterRule[] = [{ match: /bias/, learningRateMultiplier: 2 }];
    const optimizer = createOptimizer('adamw', { learningRate: 1, accumulate: 2, clipGlobalNorm: 1, averageWeights: 0.9, skipNotFinite: true, indexToName, rules });
    const update = getUpdater(optimizer);
    const weights = [zeros([3]), zeros([2])];
    const before = evaluationCounts();
    for (let step = 0; step < 12; step++) {
      optimizer.setLearningRate(1 / (step + 1));
      update([0, 1], weights.map((weight) => array(new Float32Array(weight.size).fill(1 + step))), weights);
      await waitAll();
    }
    expect(evaluationCounts().compilations - before.compilations).toBeLessThanOrEqual(4);
  });
});

describe('what cannot be is refused', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a negative learning rate', () => createOptimizer('sgd', { learningRate: -1 }), /sgd: learningRate is -1; give a number of at least 0/],
    ['a negative learning rate set later', () => createOptimizer('sgd').setLearningRate(-1), /learningRate is -1/],
    ['a learning rate that is none', () => createOptimizer('sgd', { learningRate: Number.NaN }), /learningRate is NaN/],
    ['a negative weight decay', () => createOptimizer('adamw', { weightDecay: -1 }), /adamw: weightDecay is -1/],
    ['a norm of 0', () => createOptimizer('sgd', { clipGlobalNorm: 0 }), /clipByGlobalNorm: limit is 0/],
    ['half a gradient', () => createOptimizer('sgd', { accumulate: 0.5 }), /accumulateGradients: count is 0.5/],
    ['an average of nothing', () => createOptimizer('sgd', { averageWeights: 1 }), /averageWeights: decay is 1/],
    ['a parameter twice in a step', () => getUpdater(createOptimizer('sgd'))([0, 0], [array([1]), array([1])], [array([1]), array([1])]), /appears twice/],
  ])('%s', (_, act, message) => expect(act).toThrow(message));
});
