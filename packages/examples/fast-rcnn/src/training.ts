import { readdirSync, rmSync } from 'node:fs';
import { InputError, type OutputFolder, type Progress } from '@lossworks/example-kit';
import { type Checkpoint, checkpointPath, Module, type ModuleParameters, readCheckpoint, saveMxnetCheckpoint, type BatchEndCallback, type EpochEndCallback } from '@lossworks/module';
import type { DeltaStatistics } from './detection/delta-statistics.js';
import { testParameters, withDenormalized } from './detection/denormalized.js';
import { regionMetrics } from './detection/region-metrics.js';
import type { Detector } from './detector.js';
import { detectAll, precisions } from './evaluation.js';
import type { EpochRecord, History } from './history.js';
import { batch, type BoxLoss, boxLossOutput, probabilityOutput, trainingNetwork } from './network.js';
import type { Options } from './options.js';
import { initializer, optimizerOptions, stepsPerExecution } from './recipe.js';
import { RegionBatches, type TrainingImage } from './region-batches.js';
import type { ProposedScene } from './scenes/scene-set.js';

export interface TrainingContext {
  readonly options: Options;
  readonly images: readonly TrainingImage[];
  readonly statistics: DeltaStatistics;
  /** Scenes that every epoch is tested with; those of the final test stay unseen. */
  readonly validation: readonly ProposedScene[];
  readonly size: number;
  readonly detector: Detector;
  readonly folder: OutputFolder;
  readonly history: History;
  readonly progress: Progress;
}

/**
 * Makes a training ready, from the start or from its checkpoint. Called, it trains to the last epoch and gives parameters to detect with. Every epoch ends with a small test
 * and a checkpoint.
 *
 * @throws InputError where the checkpoint is damaged, of another network, or beyond the last epoch.
 */
export async function prepareTraining(run: BoxLoss, context: TrainingContext): Promise<() => Promise<ModuleParameters>> {
  const { options: { seed, epochs, resume: resumes }, images, statistics, size, folder, history, progress } = context;
  const network = trainingNetwork(run);
  const batches = new RegionBatches(images, { size, statistics, seed });
  const labelNames = batches.provideLabel.map(({ name }) => name);
  const module = new Module(network, { dataNames: ['data', 'rois'], labelNames, seed, logger: () => {} });
  const metric = regionMetrics({ probabilities: probabilityOutput, boxLoss: boxLossOutput, label: 'label' });
  const checkpoints = new Checkpoints(folder, run);

  let begun = 0;
  const begin = (epoch: number) => {
    begun = performance.now();
    if (epoch <= epochs) progress.start(`${run}  epoch ${epoch}/${epochs}`, batches.batches);
  };
  const seconds = () => (performance.now() - begun) / 1000;
  const detectable = ({ argParams, auxParams }: ModuleParameters): ModuleParameters => ({ argParams: testParameters(withDenormalized(argParams, statistics)), auxParams });

  const batchEndCallback: BatchEndCallback = ({ nbatch }) => {
    const speed = Math.round(((nbatch + 1) * batch.images) / seconds());
    progress.update(nbatch + 1, [`${speed} images/s`, ...metric.getGlobalNameValue().map(([name, value]) => `${name} ${value.toFixed(3)}`)].join('  '));
  };

  const epochEndCallback: EpochEndCallback = async ({ epoch, symbol, argParams, auxParams }) => {
    const trainSeconds = seconds();
    const [accuracy, logLoss, boxLoss] = metric.getGlobalNameValue().map(([, value]) => value) as [number, number, number];
    if (!Number.isFinite(logLoss + boxLoss)) throw new InputError(`the training ${run} left the numbers in epoch ${epoch + 1} (RCNNLogLoss ${logLoss}, RCNNL1Loss ${boxLoss}); try another --seed`);
    const { mAP50, mAP75 } = await validate(context, detectable({ argParams, auxParams }));
    const record: EpochRecord = { accuracy, logLoss, boxLoss, mAP50, mAP75, trainSeconds, images: batches.batches * batch.images };
    // The history first: epochs it has beyond the checkpoint are forgotten on resuming.
    history.add(run, record);
    await checkpoints.save(module, epoch + 1);
    await saveMxnetCheckpoint(folder.file(`fast-rcnn-${run}`), epoch + 1, { symbol, argParams: withDenormalized(argParams, statistics), auxParams });
    progress.finish(`${run}  epoch ${epoch + 1}/${epochs}  ${summaryOf(record)}`);
    begin(epoch + 2);
  };

  const found = resumes ? checkpoints.last(history.of(run).length) : 0;
  history.truncate(run, found);
  if (found > epochs) throw new InputError(`--epochs: the checkpoint in ${folder.path} has ${found} epochs already; give at least ${found}`);
  module.bind({ dataShapes: batches.provideData, labelShapes: batches.provideLabel });
  module.initParams({ initializer: initializer() });
  module.initOptimizer({ optimizer: 'sgd', optimizerOptions: optimizerOptions() });
  const resume = found > 0 ? await checkpoints.check(found, module) : undefined;

  return async () => {
    begin(found + 1);
    await module.fit(batches, { numEpoch: epochs, evalMetric: metric, stepsPerExecution, batchEndCallback, epochEndCallback, ...(resume && { resume }) });
    return detectable(module.getParams());
  };
}

/** The files that a training leaves after so many epochs: one to resume from, and MXNet's two, with the parameters to detect with. */
export function checkpointFiles(run: BoxLoss, epochs: number): string[] {
  return [checkpointPath(`checkpoint-${run}`, epochs), `fast-rcnn-${run}-symbol.json`, checkpointPath(`fast-rcnn-${run}`, epochs, 'params')];
}

async function validate({ detector, validation }: TrainingContext, parameters: ModuleParameters) {
  detector.load(parameters);
  return precisions(validation, detectAll(validation, await detector.run(validation)));
}

function summaryOf({ images, trainSeconds, accuracy, logLoss, boxLoss, mAP50, mAP75 }: EpochRecord): string {
  const values = Object.entries({ RCNNAcc: accuracy, RCNNLogLoss: logLoss, RCNNL1Loss: boxLoss, 'mAP@0.5': mAP50, 'mAP@0.75': mAP75 });
  return [`${Math.round(images / trainSeconds)} images/s`, ...values.map(([name, value]) => `${name} ${value.toFixed(3)}`)].join('  ');
}

/** The checkpoints of one training: a new one is complete before the one before it goes. */
class Checkpoints {
  readonly #prefix: string;
  readonly #folder: OutputFolder;
  readonly #pattern: RegExp;

  constructor(folder: OutputFolder, run: BoxLoss) {
    this.#folder = folder;
    this.#prefix = folder.file(`checkpoint-${run}`);
    this.#pattern = new RegExp(`^(?:checkpoint|fast-rcnn)-${run}-(\\d{4,})\\.(?:safetensors|params)$`);
  }

  async save(module: Module, epoch: number): Promise<void> {
    try {
      await module.saveCheckpoint(this.#prefix, epoch);
    } catch (error) {
      throw new InputError(`--out: ${(error as Error).message}`, { cause: error });
    }
    for (const [file, number] of this.#list()) if (number !== epoch) rmSync(this.#folder.file(file));
  }

  /** @throws InputError where it is damaged or of another network. */
  async check(epoch: number, module: Module): Promise<Checkpoint> {
    try {
      const checkpoint = await readCheckpoint(this.#prefix, epoch);
      await module.restore(checkpoint);
      return checkpoint;
    } catch (error) {
      throw new InputError(`--resume: ${(error as Error).message}`, { cause: error });
    }
  }

  /** The number of the last one that is not beyond the given epoch; 0 where there is none. */
  last(epochs: number): number {
    return Math.max(0, ...this.#list().flatMap(([file, number]) => (file.endsWith('.safetensors') && number <= epochs ? [number] : [])));
  }

  #list(): (readonly [file: string, number: number])[] {
    return readdirSync(this.#folder.path).flatMap((file) => {
      const number = this.#pattern.exec(file)?.[1];
      return number === undefined ? [] : [[file, Number(number)] as const];
    });
  }
}
