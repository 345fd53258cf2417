import { array, evaluationCounts, type NDArray, waitAll, zeros } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import {
  addDecayedWeights,
  chain,
  createOptimizer,
  FactorScheduler,
  getUpdater,
  Optimizer,
  optimizerRules,
  optionsFromMxnet,
  PolyScheduler,
  rescale,
  scaleBySchedule,
  stateless,
  trace,
} from '../src/index.js';

describe('createOptimizer', () => {
  it.each(['SGD', 'sgd', 'CcSgd'])('finds %s in any case', (name) => {
    expect(createOptimizer(name)).toBeInstanceOf(Optimizer);
  });

  it.each([
    ['an unknown name', () => createOptimizer('sdg'), /no optimizer "sdg"; choose one of sgd, ccsgd, nag/],
    ['an unknown option', () => createOptimizer('sgd', { learning_rate: 1 }), /sgd has no option learning_rate; it has .*momentum/],
    ['a negative clip', () => createOptimizer('sgd', { clipGradient: -1 }), /limit is -1/],
    ['an attribute that is no number', () => createOptimizer('sgd', { attributes: { w: { __lr_mult__: 'x' } } }), /w: attribute __lr_mult__ is "x"/],
  ])('refuses %s', (_, act, message) => expect(act).toThrow(message));

  it('takes undefined options for their defaults', () => {
    expect(createOptimizer('adam', { learningRate: undefined }).learningRate).toBe(0.001);
  });

  it('translates the arguments of MXNet', () => {
    const translated = optionsFromMxnet({ learning_rate: 0.1, wd: 0.2, clip_gradient: 3, rescale_grad: 4, gamma1: 0.5, lazy_update: true, momentum: 0 });
    expect(translated).toEqual({ learningRate: 0.1, weightDecay: 0.2, clipGradient: 3, rescaleGradient: 4, decay: 0.5, momentum: 0 });
  });
});

describe('the learning rate', () => {
  it.each([
    ['sgd', {}, 0.01],
    ['sgd', { scheduler: new FactorScheduler({ step: 5, baseLearningRate: 0.5 }) }, 0.5],
    ['sgd', { learningRate: 0.2, scheduler: new FactorScheduler({ step: 5, baseLearningRate: 0.5 }) }, 0.2],
    ['adam', { scheduler: new FactorScheduler({ step: 5, baseLearningRate: 0.5 }) }, 0.001],
    ['sgd', { learningRate: 0.2, scheduler: new PolyScheduler({ maxUpdate: 10, baseLearningRate: 1 }), beginUpdate: 1 }, 0.81],
  ])('%s with %o is %f', (name, options, rate) => {
    expect(createOptimizer(name, options).learningRate).toBeCloseTo(rate, 12);
  });

  it('cannot be set where a scheduler determines it', () => {
    expect(() => createOptimizer('sgd', { scheduler: new FactorScheduler({ step: 1 }) }).setLearningRate(1)).toThrow(/scheduler determines/);
  });

  it('that changes every step compiles twice at most', async () => {
    const optimizer = createOptimizer('adam', { learningRate: 1 });
    const update = getUpdater(optimizer);
    const weights = [zeros([3]), zeros([2])];
    const before = evaluationCounts();
    for (let step = 0; step < 10; step++) {
      optimizer.setLearningRate(1 / (step + 1));
      weights.forEach((weight, i) => update(i, array(new Float32Array(weight.size).fill(1 + step)), weight));
      await waitAll();
    }
    const after = evaluationCounts();
    expect(after.runs - before.runs).toBe(10);
    expect(after.compilations - before.compilations).toBeLessThanOrEqual(2);
  });

  it('is one array for all parameters of a step with the same number, and another in every step: steps that run as one are one program, whatever the rates', () => {
    const seen: NDArray[] = [];
    const spy = stateless('spy', ({ gradient, learningRate }) => {
      seen.push(learningRate);
      return gradient;
    });
    const optimizer = new Optimizer(spy, { learningRate: 0.5 });
    optimizer.setLearningRateMultipliers({ 2: 3 });
    for (let step = 0; step < 2; step++) for (const index of [0, 1, 2]) optimizer.update(index, zeros([1]), array([1]), {});
    optimizer.setLearningRate(0.25);
    optimizer.update(0, zeros([1]), array([1]), {});
    const [a, b, other, c, d, , changed] = seen;
    expect([b === a, d === c]).toEqual([true, true]);
    expect(new Set([a, other, c, changed]).size).toBe(4);
  });
});

describe('updating', () => {
  it('counts every parameter from 1, and the optimizer as often as the one most updated', () => {
    const steps: unknown[] = [];
    const spy = stateless('spy', ({ gradient, step, numUpdate }) => {
      steps.push([step, numUpdate]);
      return gradient;
    });
    const optimizer = new Optimizer(spy, { beginUpdate: 4 });
    for (const index of [0, 1, 0, 1, 2]) optimizer.update(index, zeros([1]), array([1]), {});
    expect(steps).toEqual([[5, 5], [5, 5], [6, 6], [6, 6], [5, 6]]);
    expect([optimizer.updateCount(0), optimizer.updateCount(2), optimizer.updateCount(9)]).toEqual([6, 5, 4]);
  });

  it('takes lists, and refuses lists of different lengths', async () => {
    const update = getUpdater(createOptimizer('sgd', { learningRate: 1 }));
    const weights = [array([1]), array([2])];
    update([0, 1], [array([0.5]), array([0.5])], weights);
    expect([await weights[0]!.item(), await weights[1]!.item()]).toEqual([0.5, 1.5]);
    expect(() => update([0, 1], [array([1])], weights)).toThrow(/2 indices, 1 gradients, 2 weights/);
  });

  it('refuses a gradient of another shape, by name', () => {
    const optimizer = createOptimizer('sgd', { indexToName: { 0: 'fc1_weight' } });
    expect(() => optimizer.update(0, zeros([2, 3]), zeros([3, 2]), {})).toThrow(/gradient of fc1_weight has shape \[3,2\], the weight \[2,3\]/);
  });

  it('refuses a state that was not made for it', () => {
    const optimizer = createOptimizer('sgd', { momentum: 0.9, indexToName: { 0: 'fc_weight' } });
    expect(() => optimizer.update(0, zeros([1]), zeros([1]), {})).toThrow(/^sgd: fc_weight needs the state momentum \[1\], this one holds nothing; make it with createState\(0, weight\)/);
    expect(optimizer.updateCount(0)).toBe(0);
  });

  it('holds no chain of past steps: the state is computed along with the weight', async () => {
    const optimizer = createOptimizer('sgd', { momentum: 0.9, learningRate: 1 });
    const weight = zeros([2]);
    const state = optimizer.createState(0, weight);
    optimizer.update(0, weight, array([1, 2]), state);
    await waitAll();
    const { runs } = evaluationCounts();
    expect([...(await weight.data())]).toEqual([-1, -2]);
    expect([...(await state.momentum!.data())]).toEqual([-1, -2]);
    expect(evaluationCounts().runs).toBe(runs);
  });
});

describe('a chain', () => {
  it('is its order: decay before the momentum is traced, after it decoupled', async () => {
    const run = async (optimizer: Optimizer) => {
      const weight = array([1]);
      const update = getUpdater(optimizer);
      for (let step = 0; step < 2; step++) update(0, array([1]), weight);
      return weight.item();
    };
    const options = { learningRate: 0.1, weightDecay: 0.5 };
    const coupled = await run(new Optimizer(chain(addDecayedWeights(), trace(0.5), scaleBySchedule()), options));
    const decoupled = await run(new Optimizer(chain(trace(0.5), addDecayedWeights(), scaleBySchedule()), options));
    // g₁ = 1 + .5·1 = 1.5, w₁ = .85; m₂ = .75 + 1 + .425 = 2.175, w₂ = .6325
    expect(coupled).toBeCloseTo(0.6325, 6);
    // w₁ = 1 − .1·(1 + .5) = .85; m₂ = 1.5, w₂ = .85 − .1·(1.5 + .425) = .6575
    expect(decoupled).toBeCloseTo(0.6575, 6);
  });

  it('refuses two states of one name, and a weight determined before the end', () => {
    expect(() => chain(trace(0.9), trace(0.5)).init(zeros([1]), 'w')).toThrow(/two transforms keep a state named "momentum"/);
    const fixes = { name: 'fixes', init: () => ({}), update: ({ gradient, weight }: { gradient: NDArray; weight: NDArray }) => ({ gradient, weight, state: {} }) };
    const optimizer = new Optimizer(chain(fixes, rescale(2)));
    expect(() => optimizer.update(0, zeros([1]), zeros([1]), {})).toThrow(/fixes determines the weight itself, so it must stand last/);
  });
});

describe('what no recorded value covers', () => {
  it('sgld adds noise of variance η from its seed', async () => {
    const size = 4000;
    const run = async (seed: number) => {
      const weight = zeros([size]);
      getUpdater(createOptimizer('sgld', { learningRate: 0.25, seed }))(0, zeros([size]), weight);
      return weight.data();
    };
    const noise = (await run(3)) as Float32Array;
    const mean = noise.reduce((sum, x) => sum + x, 0) / size;
    const variance = noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.03);
    expect(await run(3)).toEqual(noise);
    expect(await run(4)).not.toEqual(noise);
  });

  it('groupadagrad refuses weight decay and weights that are no matrix', () => {
    const optimizer = createOptimizer('groupadagrad', { weightDecay: 0.1 });
    expect(() => optimizer.createState(0, zeros([3]))).toThrow(/shape \[3\].*per row of a matrix/);
    const weight = zeros([2, 2]);
    expect(() => optimizer.update(0, weight, zeros([2, 2]), optimizer.createState(0, weight))).toThrow(/weight decay of the weight is 0.1/);
  });

  it('lars gives gamma, beta and bias the plain rate', async () => {
    const run = async (name: string) => {
      const weight = array([3, 4]);
      getUpdater(createOptimizer('lars', { learningRate: 0.1, trust: 0.01, indexToName: { 0: name } }))(0, array([0, 1]), weight);
      return Array.from(await weight.data(), (x) => Math.round(x * 1e6) / 1e6);
    };
    expect(await run('fc_bias')).toEqual([3, 3.9]);
    // η' = .1 · .01 · ‖w‖ / ‖g‖ = .005
    expect(await run('fc_weight')).toEqual([3, 3.995]);
  });

  it('lars corrects the momentum by the change of the rate, alike for all parameters', async () => {
    const optimizer = createOptimizer('lars', { learningRate: 1, momentum: 0.5, indexToName: { 0: 'a_bias', 1: 'b_bias' } });
    const update = getUpdater(optimizer);
    const weights = [zeros([1]), zeros([1])];
    const step = () => weights.forEach((weight, i) => update(i, array([1]), weight));
    step();
    optimizer.setLearningRate(0.5);
    step();
    // m₁ = −1; m₂ = .5·(.5/1)·m₁ − .5 = −.75
    expect([await weights[0]!.item(), await weights[1]!.item()]).toEqual([-1.75, -1.75]);
  });

  it('dcasgd with momentum traces the corrected step', async () => {
    const weight = array([1]);
    const update = getUpdater(createOptimizer('dcasgd', { learningRate: 0.1, momentum: 0.5, compensation: 1 }));
    for (let step = 0; step < 2; step++) update(0, array([1]), weight);
    // δ₁ = −.1, w₁ = .9; δ₂ = −.1·(1 + 1·(.9 − 1)) = −.09, m₂ = −.05 − .09 = −.14
    expect(await weight.item()).toBeCloseTo(0.76, 6);
  });

  it('adadelta and adamax clip everything to 0 with a limit of 0, sgd does not clip', async () => {
    const run = async (name: string) => {
      const weight = array([1]);
      getUpdater(createOptimizer(name, { clipGradient: 0 }))(0, array([1]), weight);
      return weight.item();
    };
    expect(await run('adadelta')).toBe(1);
    expect(await run('adamax')).toBeNaN();
    expect(await run('sgd')).toBeCloseTo(0.99, 6);
  });
});

describe.each(Object.keys(optimizerRules))('%s refuses', (name) => {
  const other = name === 'adam' ? 'sgd' : 'adam';
  const updater = () => getUpdater(createOptimizer(name, {}));
  const foreign = { 'of another': zeros([2, 2]) };
  it.each<[what: string, act: () => unknown, message: RegExp]>([
    ['a negative learning rate', () => createOptimizer(name, { learningRate: -0.1 }), new RegExp(`^${name}: learningRate is -0.1; give a number of at least 0`)],
    ['a negative weight decay', () => createOptimizer(name, { weightDecay: -1 }), new RegExp(`^${name}: weightDecay is -1; give a number of at least 0`)],
    ['an unknown option', () => createOptimizer(name, { lerningRate: 1 }), new RegExp(`^createOptimizer: ${name} has no option lerningRate; it has learningRate,`)],
    ['a gradient of another shape', () => updater()(0, zeros([2, 3]), zeros([3, 2])), new RegExp(`^${name}: the gradient of parameter 0 has shape \\[2,3\\], the weight \\[3,2\\]; they must agree`)],
    ['fewer gradients than weights', () => updater()([0, 1], [zeros([2, 2])], [zeros([2, 2]), zeros([2, 2])]), /^updater: 2 indices, 1 gradients, 2 weights; give as many of each/],
    ['arrays that another optimizer keeps', () => createOptimizer(name, {}).update(0, zeros([2, 2]), zeros([2, 2]), foreign), new RegExp(`^${name}: parameter 0 needs the state .*, this one holds of another \\[2,2\\]; make it with createState\\(0, weight\\)`)],
    ['the saved state of another optimizer', () => updater().restore(getUpdater(createOptimizer(other, {})).state()), new RegExp(`^${name}: the saved counters are of optimizer "${other}"; make that one`)],
  ])('%s', (_, act, message) => expect(act).toThrow(message));
});
