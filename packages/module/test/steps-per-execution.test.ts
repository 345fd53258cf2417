import { fullyConnected, variable, type Symbol } from '@lossworks/graph';
import { evaluationCounts } from '@lossworks/ndarray';
import { FactorScheduler } from '@lossworks/optim';
import { describe, expect, it } from 'vitest';
import { softmaxOutput } from '../../losses/src/index.js';
import { checkpointOf, Module, Uniform, type Checkpoint, type FitOptions, type ModuleOptions } from '../src/index.js';
import { bothMetrics, classifier, classifierWithCenters, doubled, points } from './small-networks.js';

interface Trained {
  readonly checkpoint: Checkpoint;
  readonly batches: readonly number[];
  readonly metrics: unknown;
  readonly runs: number;
  readonly compilations: number;
}

/** Two epochs of seven batches, the last one padded. */
async function train(symbol: Symbol, options: Partial<FitOptions> = {}, moduleOptions: Partial<ModuleOptions> = {}): Promise<Trained> {
  const module = new Module(symbol, { seed: 5, logger: () => undefined, ...moduleOptions });
  const batches: number[] = [];
  let metrics: unknown;
  const before = evaluationCounts();
  await module.fit(points(26, { shuffle: true, seed: 3 }), {
    numEpoch: 2,
    initializer: new Uniform({ scale: 0.3 }),
    optimizerOptions: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
    batchEndCallback: ({ nbatch, evalMetric }) => {
      batches.push(nbatch);
      metrics = evalMetric!.toJSON();
    },
    ...options,
  });
  const checkpoint = await checkpointOf(module);
  const { runs, compilations } = evaluationCounts();
  return { checkpoint, batches, metrics, runs: runs - before.runs, compilations: compilations - before.compilations };
}

const bits = ({ checkpoint: { argParams, auxParams, optimizerArrays, training }, batches, metrics }: Trained) => ({ argParams, auxParams, optimizerArrays, training, batches, metrics });

function peekingClassifier(): Symbol {
  const hidden = fullyConnected({ data: variable('data'), numHidden: 5, name: 'fc1' });
  return softmaxOutput({ data: fullyConnected({ data: doubled(hidden, { peeks: true }), numHidden: 3, name: 'fc2' }), name: 'softmax' });
}

describe('several steps in one execution', () => {
  it.each<[what: string, symbol: () => Symbol, options?: Partial<FitOptions>, moduleOptions?: Partial<ModuleOptions>]>([
    ['momentum, dropout and a padded batch', classifier],
    ['centers and moving averages', classifierWithCenters, { evalMetric: bothMetrics() }],
    ['a rate that falls', classifier, { optimizerOptions: { momentum: 0.9, scheduler: new FactorScheduler({ step: 2, factor: 0.5, baseLearningRate: 0.1 }) } }],
    ['AdamW with an average of the weights', classifier, { optimizer: 'adamw', optimizerOptions: { averageWeights: 0.9, clipGlobalNorm: 0.5 } }],
    ['gradients that accumulate', classifier, { optimizerOptions: { learningRate: 0.1, accumulate: 2 } }],
    ['two workers', classifierWithCenters, { evalMetric: bothMetrics() }, { workLoads: [1, 1] }],
    ['an algorithm that evaluates twice', () => classifier({ rate: 0 }), { optimizer: 'sam' }],
    ['an operator that reads in the middle', peekingClassifier],
  ])('give the same bits as one by one: %s', async (_, symbol, options, moduleOptions) => {
    const one = await train(symbol(), renewed(options), moduleOptions);
    const three = await train(symbol(), { ...renewed(options), stepsPerExecution: 3 }, moduleOptions);
    expect(bits(three)).toEqual(bits(one));
    expect(three.batches).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]);
  });

  it('run once a group, and compile once for a whole group and once for the short last one', async () => {
    const [one, three] = [await train(classifier()), await train(classifier(), { stepsPerExecution: 3 })];
    expect(one.runs - three.runs).toBe(14 - 6);
    expect(three.compilations - one.compilations).toBeLessThanOrEqual(1);
  });

  it('are resumed where a checkpoint in the middle of a group left them: behind the group', async () => {
    let saved: Checkpoint | undefined;
    const whole = await train(classifier(), {
      stepsPerExecution: 3,
      batchEndCallback: async ({ epoch, nbatch, locals }) => void (epoch === 1 && nbatch === 1 && (saved = await checkpointOf(locals['module'] as Module))),
    });
    expect(saved!.training.nbatch).toBe(3);
    const resumed = await train(classifier(), { stepsPerExecution: 2, resume: saved! });
    expect({ ...bits(resumed), batches: [], metrics: undefined }).toEqual({ ...bits(whole), batches: [], metrics: undefined });
  });

  it.each([0, 1.5])('%s of them is an error', async (stepsPerExecution) => {
    await expect(train(classifier(), { stepsPerExecution })).rejects.toThrow(`fit: stepsPerExecution is ${stepsPerExecution}; give a whole number of at least 1`);
  });
});

/** Options whose parts with a memory are new. */
function renewed(options: Partial<FitOptions> = {}): Partial<FitOptions> {
  const { scheduler } = (options.optimizerOptions ?? {}) as { scheduler?: FactorScheduler };
  return {
    ...options,
    ...(options.evalMetric && { evalMetric: bothMetrics() }),
    ...(scheduler && { optimizerOptions: { ...options.optimizerOptions, scheduler: new FactorScheduler({ step: 2, factor: 0.5, baseLearningRate: 0.1 }) } }),
  };
}
