import { readdirSync, rmSync } from 'node:fs';
import type { Mnist } from '@lossworks/data';
import { type Embedding, InputError, type OutputFolder, type Progress } from '@lossworks/example-kit';
import { initializer, optimizerOptions } from '@lossworks/example-kit/mnist';
import type { Symbol } from '@lossworks/graph';
import { Module, readCheckpoint, type BatchEndCallback, type Checkpoint, type EpochEndCallback } from '@lossworks/module';
import { testBatches, trainingBatches } from './digits.js';
import { Evaluator } from './evaluation.js';
import { type History, type RunName, runTitles } from './history.js';
import { measuresOf, trainingMetric } from './measures.js';
import type { Options } from './options.js';
import { drawEpoch, percent } from './pictures.js';
import { spread } from './spread.js';

export interface TrainingContext {
  readonly options: Options;
  readonly digits: Mnist;
  readonly folder: OutputFolder;
  readonly history: History;
  readonly progress: Progress;
}

/**
 * Makes a training ready, from the start or from its checkpoint. Called, it trains to the last epoch and tells where the network puts the test digits
 * then. Every epoch ends with a test, a picture and a checkpoint.
 *
 * @throws InputError where the checkpoint is damaged, of another network, or beyond the last epoch.
 */
export async function prepareTraining(name: RunName, network: Symbol, { options, digits, folder, history, progress }: TrainingContext): Promise<() => Promise<Embedding>> {
  const { batchSize, seed, epochs } = options;
  const labelNames = network.listArguments().filter((argument) => argument.endsWith('_label'));
  const hasCenters = network.listAuxiliaryStates().length > 0;
  const trainData = trainingBatches(digits.train, { batchSize, labelNames, seed });
  const evaluator = new Evaluator(network, testBatches(digits.test, { batchSize, labelNames }));
  const module = new Module(network, { labelNames, seed, logger: () => {} });
  const metric = trainingMetric(hasCenters);
  const steps = Math.floor(digits.train.labels.data.length / batchSize);
  const checkpoints = new Checkpoints(folder, name);
  let embedding: Embedding | undefined;

  let begun = 0;
  const begin = (epoch: number) => {
    begun = performance.now();
    if (epoch <= epochs) progress.start(`${runTitles[name]}  epoch ${epoch}/${epochs}`, steps);
  };
  const seconds = () => (performance.now() - begun) / 1000;

  const batchEndCallback: BatchEndCallback = ({ nbatch }) => {
    const { accuracy, centerLoss } = measuresOf(metric);
    const speed = Math.round(((nbatch + 1) * batchSize) / seconds());
    progress.update(nbatch + 1, [`${speed} samples/s`, `accuracy ${percent(accuracy)}`, ...distance(centerLoss)].join('  '));
  };

  const epochEndCallback: EpochEndCallback = async ({ epoch, ...parameters }) => {
    const trainSeconds = seconds();
    const measures = measuresOf(metric);
    if (!Number.isFinite(measures.crossEntropy + (measures.centerLoss ?? 0))) {
      throw new InputError(`the training ${runTitles[name]} left the numbers in epoch ${epoch + 1} (cross-entropy ${measures.crossEntropy}); try a smaller --lambda or a larger --batch-size`);
    }
    const { test, embedding: found } = await evaluator.evaluate(parameters);
    embedding = found;
    const record = { train: measures, test, spread: spread(found), trainSeconds, samples: steps * batchSize };
    // The history first: epochs it has beyond the checkpoint are forgotten on resuming.
    history.add(name, record);
    await checkpoints.save(module, epoch + 1);
    drawEpoch(folder, name, epoch + 1, record, found, name === 'center-loss' ? options.lambda : 0);
    const parts = [`${Math.round(record.samples / trainSeconds)} samples/s`, `test accuracy ${percent(test.accuracy)}`, `spread ${record.spread.toFixed(3)}`, ...distance(test.centerLoss)];
    progress.finish(`${runTitles[name]}  epoch ${epoch + 1}/${epochs}  ${parts.join('  ')}`);
    begin(epoch + 2);
  };

  const found = options.resume ? checkpoints.last(history.epochs[name].length) : 0;
  history.truncate(name, found);
  if (found > epochs) throw new InputError(`--epochs: the checkpoint in ${folder.path} has ${found} epochs already; give at least ${found}`);
  module.bind({ dataShapes: trainData.provideData, labelShapes: trainData.provideLabel });
  module.initParams({ initializer: initializer() });
  module.initOptimizer({ optimizer: 'sgd', optimizerOptions: optimizerOptions(steps) });
  const resume = found > 0 ? await checkpoints.check(found, module) : undefined;

  return async () => {
    begin(found + 1);
    await module.fit(trainData, { numEpoch: epochs, evalMetric: metric, batchEndCallback, epochEndCallback, ...(resume && { resume }) });
    return embedding ?? (await evaluator.evaluate(module.getParams())).embedding;
  };
}

function distance(centerLoss: number | undefined): string[] {
  return centerLoss === undefined ? [] : [`center loss ${centerLoss.toFixed(4)}`];
}

/** The checkpoints of one training: a new one is complete before the one before it goes. */
class Checkpoints {
  readonly prefix: string;
  readonly #folder: OutputFolder;
  readonly #pattern: RegExp;

  constructor(folder: OutputFolder, name: RunName) {
    this.#folder = folder;
    this.prefix = folder.file(`checkpoint-${name}`);
    this.#pattern = new RegExp(`^checkpoint-${name}-(\\d{4,})\\.safetensors$`);
  }

  async save(module: Module, epoch: number): Promise<void> {
    try {
      await module.saveCheckpoint(this.prefix, epoch);
    } catch (error) {
      throw new InputError(`--out: ${(error as Error).message}`, { cause: error });
    }
    for (const [file, number] of this.#list()) if (number !== epoch) rmSync(this.#folder.file(file));
  }

  /** @throws InputError where it is damaged or of another network. */
  async check(epoch: number, module: Module): Promise<Checkpoint> {
    try {
      const checkpoint = await readCheckpoint(this.prefix, epoch);
      await module.restore(checkpoint);
      return checkpoint;
    } catch (error) {
      throw new InputError(`--resume: ${(error as Error).message}`, { cause: error });
    }
  }

  /** The number of the last one that is not beyond the given epoch; 0 where there is none. */
  last(epochs: number): number {
    return Math.max(0, ...this.#list().map(([, number]) => number).filter((number) => number <= epochs));
  }

  #list(): (readonly [file: string, number: number])[] {
    return readdirSync(this.#folder.path).flatMap((file) => {
      const number = this.#pattern.exec(file)?.[1];
      return number === undefined ? [] : [[file, Number(number)] as const];
    });
  }
}
