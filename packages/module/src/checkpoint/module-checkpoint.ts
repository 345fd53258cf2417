import type { DataIter } from '@lossworks/data';
import { Symbol } from '@lossworks/graph';
import type { Metric } from '@lossworks/metrics';
import { fromFileArray, read, type FileArray, type NDArray } from '@lossworks/ndarray';
import type { UpdaterState } from '@lossworks/optim';
import type { Module } from '../module.js';
import type { ModuleOptions } from '../module-options.js';
import { moveTo, stateOf, type Progress } from '../progress.js';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint, type TrainingState } from './checkpoint.js';
import { checkpointPath, readWhole, writeWhole } from './files.js';
import { checkSameNetwork } from './same-network.js';

/** What a training loop of your own has to say; `fit` says it by itself. */
export interface SaveOptions {
  /** The epoch that training is in, from 0. */
  readonly epoch?: number;
  /** Batches of the epoch that are trained. */
  readonly nbatch?: number;
  /** Whose next batch is the next to be trained. */
  readonly iterator?: DataIter;
  /** What measures the epoch; its values are saved. */
  readonly metric?: Metric;
}

/** What a checkpoint restores beside the module. */
export interface RestoreOptions {
  /** Is put where it stood. */
  readonly iterator?: DataIter;
  /** Gets back what it had measured, where the checkpoint was taken within an epoch. */
  readonly metric?: Metric;
}

/** How far the training of a checkpoint was. */
export type RestoredProgress = Pick<TrainingState, 'step' | 'epoch' | 'nbatch' | 'epochComplete'>;

/**
 * The module as it stands. What it holds is taken at once, so that later steps do not reach it; then it is read.
 *
 * @param source names the checkpoint in errors.
 * @throws Error where the module is not bound.
 */
export async function checkpointOf(module: Module, options: SaveOptions = {}, source = 'checkpoint'): Promise<Checkpoint> {
  const { argParams, auxParams } = module.getParams();
  const optimizer = module.trainer?.state();
  const { epoch, nbatch, epochComplete, iterator, metric } = progressOf(module, options);
  const training: TrainingState = {
    step: module.step,
    epoch,
    nbatch,
    epochComplete,
    random: module.random.state,
    optimizer: optimizer?.counters ?? null,
    iterator,
    metric: metric?.toJSON() ?? null,
  };
  const groups = [argParams, auxParams, optimizer?.arrays ?? {}].map((group) => Object.entries(group));
  const numbers = await read(groups.flat().map(([, array]) => array));
  let next = 0;
  const [args, aux, optimizerArrays] = groups.map(
    (group) => new Map(group.map(([name, { dtype, shape }]): [string, FileArray] => [name, { dtype, shape, data: numbers[next++]! }])),
  );
  return { source, symbol: module.symbol.toJSONText(), argParams: args!, auxParams: aux!, optimizerArrays: optimizerArrays!, training };
}

function progressOf(module: Module, { epoch, nbatch, iterator, metric }: SaveOptions): Progress {
  const kept = module.progress;
  const state = iterator && stateOf(iterator);
  return {
    epoch: epoch ?? kept?.epoch ?? 0,
    nbatch: nbatch ?? kept?.nbatch ?? 0,
    epochComplete: kept?.epochComplete ?? false,
    iterator: iterator ? (state ? { state, skip: 0 } : null) : (kept?.iterator ?? null),
    metric: metric ?? kept?.metric ?? null,
  };
}

export async function saveCheckpoint(module: Module, prefix: string, number: number, options: SaveOptions): Promise<string> {
  const path = checkpointPath(prefix, number);
  await writeWhole(path, encodeCheckpoint(await checkpointOf(module, options, path)));
  return path;
}

/**
 * Reads a checkpoint's file.
 *
 * @throws Error in one line that names the file where it is missing, damaged, of another version or no checkpoint; RangeError for a number that is no
 * whole number of at least 0.
 */
export async function readCheckpoint(prefix: string, number: number): Promise<Checkpoint> {
  const path = checkpointPath(prefix, number);
  return decodeCheckpoint(await readWhole(path), path);
}

export async function restoreCheckpoint(module: Module, checkpoint: Checkpoint, { iterator, metric }: RestoreOptions): Promise<RestoredProgress> {
  const { source, training } = checkpoint;
  const here = module.getParams();
  checkSameNetwork(checkpoint, module.symbol, new Map([...Object.entries(here.argParams), ...Object.entries(here.auxParams)].map(([name, { shape }]) => [name, shape])));
  const { epoch, nbatch, epochComplete, step } = training;
  if (iterator && !training.iterator && nbatch > 0 && !epochComplete) {
    throw new Error(`${source}: it was saved in the middle of epoch ${epoch} with an iterator that could not say where it stood; resume from the checkpoint of an epoch's end`);
  }
  const within = async (act: () => void | Promise<void>) => {
    try {
      await act();
    } catch (cause) {
      throw new Error(`${source}: ${(cause as Error).message}`, { cause });
    }
  };
  if (module.trainer) await within(() => module.trainer!.restore(optimizerState(checkpoint)));
  module.setParams(arraysOf(checkpoint.argParams), arraysOf(checkpoint.auxParams));
  module.random.restore(training.random);
  module.step = step;
  if (iterator && training.iterator) await within(() => moveTo(iterator, training.iterator!));
  if (metric && training.metric && !epochComplete) await within(() => void metric.fromJSON(training.metric!));
  return { step, epoch, nbatch, epochComplete };
}

export async function loadModule(
  prefix: string,
  number: number,
  { loadOptimizerStates = false, ...options }: Partial<ModuleOptions> & { readonly loadOptimizerStates?: boolean },
  make: (symbol: Symbol, options: Partial<ModuleOptions>) => Module,
): Promise<Module> {
  const checkpoint = await readCheckpoint(prefix, number);
  const module = make(Symbol.loadJSON(checkpoint.symbol), options);
  const parameters = { argParams: Object.fromEntries(arraysOf(checkpoint.argParams)), auxParams: Object.fromEntries(arraysOf(checkpoint.auxParams)) };
  module.preload(parameters, loadOptimizerStates ? optimizerState(checkpoint) : undefined);
  module.random.restore(checkpoint.training.random);
  module.step = checkpoint.training.step;
  return module;
}

function optimizerState({ optimizerArrays, training }: Checkpoint): UpdaterState {
  if (!training.optimizer) throw new Error('it was saved without an optimizer; call initOptimizer after it is restored, and begin with fresh states');
  return { arrays: Object.fromEntries(arraysOf(optimizerArrays)), counters: training.optimizer };
}

function arraysOf(arrays: ReadonlyMap<string, FileArray>): Map<string, NDArray> {
  return new Map([...arrays].map(([name, item]) => [name, fromFileArray(item, name)]));
}
