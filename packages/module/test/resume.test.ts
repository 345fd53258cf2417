import { log, mul, neg, oneHot, sum } from '@lossworks/ndarray';
import {
  ConstantScheduler, CosineRestartsScheduler, CosineScheduler, createTransform, CyclicScheduler, ExponentialScheduler, FactorScheduler, JoinScheduler, LinearScheduler, MultiFactorScheduler,
  OneCycleScheduler, optimizerRules, PlateauScheduler, PolyScheduler, type Scheduler, stepperRules,
} from '@lossworks/optim';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointOf, Module, readCheckpoint, stepCheckpoint, Uniform, type Checkpoint, type FitOptions } from '../src/index.js';
import { registerLossOperators } from '../../losses/src/index.js';
import { bothMetrics, classifierWithCenters, points } from './small-networks.js';

type Options = Readonly<Record<string, unknown>>;

/** The next update to be done when training stops; five make an epoch, the fifth with padding. */
const stop = 3;
let folder: string;

beforeAll(async () => {
  registerLossOperators();
  folder = await mkdtemp(join(tmpdir(), 'lossworks-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What an optimizer needs to be tested with all of its states; weight decay is on unless told. */
const optimizers: { readonly [name: string]: Options } = {
  ...Object.fromEntries(Object.keys(optimizerRules).map((name) => [name, { weightDecay: 0.01 }])),
  ...Object.fromEntries(['sgd', 'ccsgd', 'nag', 'lars', 'dcasgd', 'signum'].map((name) => [name, { weightDecay: 0.01, momentum: 0.9 }])),
  rmsprop: { weightDecay: 0.01, centered: true },
  lbsgd: { momentum: 0.9, batchScale: 2 },
  // It takes matrices alone.
  groupadagrad: { rules: [{ match: /_(bias|gamma|beta)$/, transform: createTransform('sgd') }] },
  sam: { momentum: 0.9 },
  lbfgs: { historySize: 2, maxEvaluations: 4 },
};

const wrappers: { readonly [name: string]: Options } = {
  'gradients that accumulate': { accumulate: 2 },
  'an average of weights': { averageWeights: 0.9 },
  'steps that may be skipped': { skipNotFinite: true },
  'clipping by global norm and by unit': { clipGlobalNorm: 0.5, clipAdaptive: 0.1 },
  'rules by name': { rules: [{ match: /^fc1/, frozen: true }, { match: /bias$/, transform: createTransform('adamw'), learningRateMultiplier: 2 }] },
  'counts that begin later': { beginUpdate: 7 },
  'all of them inside sam': { accumulate: 2, averageWeights: 0.9, skipNotFinite: true, clipGlobalNorm: 0.5, optimizer: 'nag' },
};

const base = { baseLearningRate: 0.2 };
const schedulers: { readonly [name: string]: () => Scheduler } = {
  FactorScheduler: () => new FactorScheduler({ ...base, step: 1, factor: 0.7 }),
  MultiFactorScheduler: () => new MultiFactorScheduler({ ...base, step: [1, 2, 4], factor: 0.5 }),
  PolyScheduler: () => new PolyScheduler({ ...base, maxUpdate: 5, warmupSteps: 2 }),
  CosineScheduler: () => new CosineScheduler({ ...base, maxUpdate: 4 }),
  ConstantScheduler: () => new ConstantScheduler({ ...base, warmupSteps: 4 }),
  LinearScheduler: () => new LinearScheduler({ ...base, steps: 4 }),
  ExponentialScheduler: () => new ExponentialScheduler({ ...base, decay: 0.5 }),
  CosineRestartsScheduler: () => new CosineRestartsScheduler({ ...base, period: 2 }),
  CyclicScheduler: () => new CyclicScheduler({ ...base, peakLearningRate: 0.4, stepsUp: 2 }),
  OneCycleScheduler: () => new OneCycleScheduler({ ...base, totalSteps: 5 }),
  PlateauScheduler: () => new PlateauScheduler({ ...base, patience: 0, factor: 0.5 }),
  JoinScheduler: () => new JoinScheduler({ schedulers: [new ConstantScheduler(base), new FactorScheduler({ ...base, step: 1, factor: 0.5 })], boundaries: [1] }),
};

/** Trains an epoch of five updates, noting down the third in a real file, or goes on from there. */
async function train(optimizer: string, optimizerOptions: Options, more: Partial<FitOptions> = {}): Promise<Checkpoint> {
  const module = new Module(classifierWithCenters(), { seed: 5, logger: () => undefined });
  await module.fit(points(18, { shuffle: true, seed: 3 }), {
    numEpoch: 1,
    evalMetric: bothMetrics(),
    optimizer,
    optimizerOptions,
    initializer: new Uniform({ scale: 0.3 }),
    loss: ({ softmax_output: probabilities }, { softmax_label: label }) => neg(sum(mul(log(probabilities!), oneHot(label!, 3)))),
    ...more,
  });
  return checkpointOf(module);
}

/** Everything a training moves. */
const bits = ({ argParams, auxParams, optimizerArrays, training: { random, optimizer, step } }: Checkpoint) => ({ argParams, auxParams, optimizerArrays, random, optimizer, step });

async function resumesExactly(name: string, optimizer: string, options: () => Options, then?: FitOptions['batchEndCallback']): Promise<void> {
  const prefix = join(folder, name.replaceAll(' ', '-'));
  const also = then ? [then].flat() : [];
  const whole = await train(optimizer, options(), { batchEndCallback: [...also, async (param) => stepCheckpoint(param.locals['module'] as Module, prefix, { period: stop })(param)] });
  const resumed = await train(optimizer, options(), { resume: await readCheckpoint(prefix, stop), batchEndCallback: also });
  expect(bits(resumed)).toEqual(bits(whole));
  expect(whole.training.step).toBe(5);
}

it('every optimizer and every algorithm of several evaluations is resumed here', () => {
  expect(Object.keys(optimizers).sort()).toEqual([...Object.keys(optimizerRules), ...Object.keys(stepperRules)].sort());
});

describe('training resumed from a file is bit for bit the uninterrupted one with', () => {
  it.each(Object.keys(optimizers))('%s', { timeout: 30_000 }, (name) => resumesExactly(name, name, () => optimizers[name]!));

  it.each(Object.keys(wrappers))('%s', { timeout: 30_000 }, (name) =>
    resumesExactly(name, Object.hasOwn(wrappers[name]!, 'optimizer') ? 'sam' : 'sgd', () => ({ momentum: 0.9, ...wrappers[name] })),
  );

  it.each(Object.keys(schedulers))('%s', { timeout: 30_000 }, (name) =>
    resumesExactly(name, 'sgd', () => ({ momentum: 0.9, scheduler: schedulers[name]!() }), ({ nbatch, locals }) => {
      const { scheduler } = (locals['module'] as Module).optimizer as unknown as { scheduler: Scheduler };
      if (scheduler instanceof PlateauScheduler) scheduler.report(nbatch % 2);
    }),
  );
});
