import { NDArrayIter } from '@lossworks/data';
import { activation, customOp, fullyConnected, group, simpleBind, variable, type Executor, type Symbol } from '@lossworks/graph';
import { array, read, sizeOf, useEngine, waitAll, type Engine } from '@lossworks/ndarray';
import { signatureOf } from '@lossworks/ndarray/internal';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { centerLoss, makeLoss, softmaxOutput } from '../../losses/src/index.js';
import { watchRuns } from '../../testing/src/engines/watch-runs.js';
import { Module, Xavier } from '../src/index.js';
import { doubled } from './small-networks.js';

const [batch, width] = [4, 64];
const data = array(Float32Array.from({ length: batch * 8 }, (_, i) => Math.sin(i)), { shape: [batch, 8] });
const label = array([0, 1, 2, 1]);

function features(): Symbol {
  const first = activation({ data: fullyConnected({ data: variable('data'), numHidden: width, name: 'fc1' }), actType: 'tanh' });
  return fullyConnected({ data: first, numHidden: width, name: 'fc2' });
}

function plain(): Symbol {
  return softmaxOutput({ data: fullyConnected({ data: features(), numHidden: 3, name: 'fc3' }), name: 'softmax' });
}

function withCenters(): Symbol {
  const embedding = features();
  const softmax = softmaxOutput({ data: fullyConnected({ data: embedding, numHidden: 3, name: 'fc3' }), name: 'softmax' });
  return group([softmax, makeLoss({ data: centerLoss({ data: embedding, label: variable('softmax_label'), numClass: 3, scale: 0.1, name: 'center_loss' }) })]);
}

/** A loss of the user's own, which is called for every pass. */
function withCustomLoss(): Symbol {
  const squared = customOp({ name: 'Squared', forward: ({ data: x }) => x!.square().mean({ axes: [1] }) });
  return group([plain(), makeLoss({ data: squared({ data: features(), name: 'squared' }) as Symbol })]);
}

function module(symbol: Symbol, optimizer: string, workers: number): Module {
  const made = new Module(symbol, { seed: 1, workLoads: new Array<number>(workers).fill(1) });
  made.bind({ dataShapes: [{ name: 'data', shape: [batch, 8] }], labelShapes: [{ name: 'softmax_label', shape: [batch] }] });
  made.initParams({ initializer: new Xavier() });
  made.initOptimizer({ optimizer, optimizerOptions: { learningRate: 0.01 } });
  return made;
}

function trained(symbol: Symbol, optimizer: string, { together = 1, workers = 1 } = {}): () => Promise<unknown> {
  const made = module(symbol, optimizer, workers);
  return async () => {
    for (let i = 0; i < together; i++) await made.trainStep({ data: [data], label: [label] }, { continues: i > 0 });
    return read(made.keepOutputs().flatMap(({ outputs }) => outputs));
  };
}

/** An operator in MXNet's form. */
function withCustomOp(): Symbol {
  return softmaxOutput({ data: fullyConnected({ data: doubled(features()), numHidden: 3, name: 'fc3' }), name: 'softmax' });
}

/** A loop of one's own over an executor. */
function looped(pass: (executor: Executor) => Promise<unknown>): () => Promise<unknown> {
  const symbol = plain();
  const gradReq = Object.fromEntries(symbol.listArguments().map((name) => [name, /weight|bias/.test(name) ? 'write' as const : 'null' as const]));
  const executor = simpleBind(symbol, { shapes: { data: [batch, 8], softmax_label: [batch] }, gradReq });
  executor.copyParamsFrom({ data, softmax_label: label });
  const updater = getUpdater(createOptimizer('sgd', { learningRate: 0.01, momentum: 0.9 }));
  const trainedArguments = executor.argArrays.map((weight, i) => ({ i, weight, gradient: executor.gradArrays[i]! })).filter(({ gradient }) => gradient);
  return async () => {
    await pass(executor);
    updater(trainedArguments.map(({ i }) => i), trainedArguments.map(({ gradient }) => gradient), trainedArguments.map(({ weight }) => weight));
    await waitAll();
  };
}

const trainings: { readonly [name: string]: () => () => Promise<unknown> } = {
  'a module with momentum': () => trained(plain(), 'sgd'),
  'a module with AdamW, four steps in one execution': () => trained(plain(), 'adamw', { together: 4 }),
  'a module with class centers': () => trained(withCenters(), 'sgd'),
  'a module with a loss of one\'s own': () => trained(withCustomLoss(), 'sgd'),
  'a module with an operator in MXNet\'s form': () => trained(withCustomOp(), 'sgd'),
  'two workers with class centers': () => trained(withCenters(), 'sgd', { workers: 2 }),
  'forward, backward and an updater': () => looped(async (executor) => {
    await executor.forward({ isTrain: true });
    await executor.backward();
  }),
  'the same with outputs that are read before the way back': () => looped(async (executor) => {
    await executor.forward({ isTrain: true });
    await read(executor.outputs);
    await executor.backward();
  }),
  'both passes in one and an updater': () => looped((executor) => executor.forwardBackward()),
};

/** Elements of the outputs of each run that the engine was given no memory for, of programs that are compiled from now on. */
function countNew(engine: Engine): number[] {
  const counts: number[] = [];
  watchRuns(engine, (program, spares) => {
    const sizes = program.outputs.map((number) => sizeOf(signatureOf(program, number).shape));
    counts.push(sizes.reduce((sum, size, i) => (spares[i] ? sum : sum + size), 0));
  });
  return counts;
}

describe('a step of training takes memory for weights and states that earlier ones have left', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each(Object.entries(trainings))('%s', async (_, make) => {
    const counts = countNew(await useEngine('onnx'));
    const step = make();
    for (let i = 0; i < 4; i++) await step();
    expect(Math.max(...counts)).toBeGreaterThan(width ** 2);
    counts.length = 0;
    for (let i = 0; i < 3; i++) await step();
    expect(Math.max(...counts)).toBeLessThan(width ** 2);
  });

  it('fit', async () => {
    const counts = countNew(await useEngine('onnx'));
    const batches = new NDArrayIter({ data: new Float32Array(12 * batch * 8).fill(0.5), shape: [12 * batch, 8] }, new Float32Array(12 * batch), { batchSize: batch });
    await new Module(plain(), { seed: 1, logger: () => undefined }).fit(batches, { numEpoch: 1, initializer: new Xavier() });
    expect(counts.length).toBeGreaterThan(10);
    // Neither weights nor outputs.
    expect(Math.max(...counts.slice(-6, -1))).toBe(0);
  });
});
