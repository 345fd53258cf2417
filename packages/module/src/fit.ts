import type { DataBatch, DataIter } from '@lossworks/data';
import type { Monitor } from '@lossworks/graph';
import { create, type Metric, type MetricSource } from '@lossworks/metrics';
import type { Optimizer } from '@lossworks/optim';
import { announce, type BatchEndCallback, type EpochEndCallback, type OneOrMore } from './callbacks/callback.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import type { Initializer } from './initializers/initializer.js';
import type { NamedParameters } from './initializers/load.js';
import { fixed } from './logger.js';
import type { Module } from './module.js';
import type { LossOfOutputs } from './module-options.js';
import { validRowsOf } from './padding.js';
import { type IteratorPosition, stateOf } from './progress.js';

/** Everything `module.fit` takes (MXNet `BaseModule.fit`); only `numEpoch` is required. */
export interface FitOptions {
  /** The epoch to end before: with `beginEpoch` 2 and `numEpoch` 5, epochs 2, 3 and 4 are trained (MXNet `num_epoch`). */
  readonly numEpoch: number;
  /** The epoch to begin with; 0 unless told, and read without `resume` alone (MXNet `begin_epoch`). */
  readonly beginEpoch?: number;
  /** Scored after every epoch, in inference mode. */
  readonly evalData?: DataIter;
  /** Whatever `create` of metrics takes; `acc` unless told. */
  readonly evalMetric?: MetricSource;
  /** For `evalData`; the same metric as in training unless told. */
  readonly validationMetric?: MetricSource;
  /** A name, `sgd` unless told, `sam` and `lbfgs` included, or an optimizer. */
  readonly optimizer?: string | Optimizer;
  /** Of a named optimizer: `rescaleGradient` is 1 / batch size unless told, `learningRate` 0.01 where there are no options. */
  readonly optimizerOptions?: Readonly<Record<string, unknown>>;
  /** The number whose gradients `backward` gives, for algorithms that search by it (`lbfgs`). */
  readonly loss?: LossOfOutputs;
  /** First values of parameters that are not given; `Uniform({ scale: 0.01 })` unless told. */
  readonly initializer?: Initializer;
  /** Parameters by name to begin with, of the network's shapes. */
  readonly argParams?: NamedParameters;
  /** Auxiliary states by name to begin with. */
  readonly auxParams?: NamedParameters;
  /** Whether what `argParams` and `auxParams` lack is initialized, false unless told; else it is a RangeError. */
  readonly allowMissing?: boolean;
  /** Whether a module that is bound already is bound anew for this iterator's shapes; false unless told. */
  readonly forceRebind?: boolean;
  /** Whether parameters and optimizer begin anew where there are some already; false unless told. */
  readonly forceInit?: boolean;
  /** Goes on where this checkpoint was saved, in the middle of an epoch too; one of another network, optimizer or data is an error that names it. */
  readonly resume?: Checkpoint;
  /**
   * Whether samples that only fill the last batch count like any other. False unless told: metrics give the true value, and operators that count samples,
   * such as class centers, leave them out. True is MXNet's way. The gradients of output layers include them either way.
   */
  readonly countPadding?: boolean;
  /**
   * Training steps that run as one; 1 unless told. More save what passes between two runs, which pays where a step is short. The numbers are
   * the same, bit for bit, and so are metrics; callbacks still hear of every batch in order, but once its group is trained: module, metric and checkpoints are then
   * those after the group. A `monitor` lets every step run by itself, as do algorithms that evaluate more than once a step. Batches have to be arrays of their own.
   */
  readonly stepsPerExecution?: number;
  /** Listens to every step it chooses and tells the module's logger: `new Monitor(100, { pattern: 'fc.*' })`. */
  readonly monitor?: Monitor;
  /** Called after every batch of training, once its metric is counted. */
  readonly batchEndCallback?: OneOrMore<BatchEndCallback>;
  /** Called after every epoch of training, before `evalData` is scored. */
  readonly epochEndCallback?: OneOrMore<EpochEndCallback>;
  /** Called after every batch of `evalData`. */
  readonly evalBatchEndCallback?: OneOrMore<BatchEndCallback>;
  /** Called once after `evalData`, with the number of its batches. */
  readonly evalEndCallback?: OneOrMore<BatchEndCallback>;
}

interface Start {
  readonly epoch: number;
  /** Batches of that epoch which are trained already. */
  readonly nbatch: number;
  /** Where the iterator stood at the beginning of that epoch, if it has begun. */
  readonly position: IteratorPosition | null;
}

export async function fit(module: Module, trainData: DataIter, options: FitOptions): Promise<void> {
  const { numEpoch, beginEpoch = 0, evalData, evalMetric = 'acc', validationMetric = evalMetric, stepsPerExecution = 1 } = options;
  if (!Number.isInteger(numEpoch)) throw new RangeError(`fit: numEpoch is ${String(numEpoch)}; give the epoch to end before`);
  if (!Number.isInteger(stepsPerExecution) || stepsPerExecution < 1) throw new RangeError(`fit: stepsPerExecution is ${String(stepsPerExecution)}; give a whole number of at least 1`);
  const metric = create(evalMetric);
  const evaluation = validationMetric === evalMetric ? metric : create(validationMetric);
  prepare(module, trainData, options);
  if (options.monitor) module.installMonitor(options.monitor);
  const start = options.resume ? await resumeFrom(options.resume, module, trainData, metric) : { epoch: beginEpoch, nbatch: 0, position: null };
  for (let epoch = start.epoch; epoch < numEpoch; epoch++) {
    const begun = performance.now();
    const values = await trainEpoch(module, trainData, metric, options, epoch === start.epoch ? start : { epoch, nbatch: 0, position: null });
    for (const [name, value] of values) module.logger(`Epoch[${epoch}] Train-${name}=${fixed(value)}`);
    module.logger(`Epoch[${epoch}] Time cost=${fixed((performance.now() - begun) / 1000, 3)}`);
    module.progress = { ...module.progress!, epochComplete: true, metric: null };
    module.joinWorkers();
    await announce(options.epochEndCallback, { epoch, symbol: module.symbol, ...module.getParams() });
    if (evalData) await validate(module, evalData, evaluation, options, epoch);
    await trainData.reset();
  }
}

function prepare(module: Module, trainData: DataIter, { optimizer, optimizerOptions, loss, initializer, argParams, auxParams, allowMissing, forceRebind, forceInit }: FitOptions): void {
  if (!module.isBound || forceRebind) module.bind({ dataShapes: trainData.provideData, labelShapes: trainData.provideLabel, ...(forceRebind && { forceRebind }) });
  if (!module.isInitialized || forceInit || argParams || auxParams) {
    module.initParams({
      ...(initializer && { initializer }),
      ...(argParams && { argParams }),
      ...(auxParams && { auxParams }),
      ...(allowMissing && { allowMissing }),
      ...(forceInit && { forceInit }),
    });
  }
  if (!module.hasOptimizer || forceInit) {
    module.initOptimizer({ ...(optimizer && { optimizer }), ...(optimizerOptions && { optimizerOptions }), ...(loss && { loss }), ...(forceInit && { forceInit }) });
  }
}

async function resumeFrom(checkpoint: Checkpoint, module: Module, trainData: DataIter, metric: Metric): Promise<Start> {
  const { epoch, nbatch, epochComplete } = await module.restore(checkpoint, { iterator: trainData, metric });
  const { iterator } = checkpoint.training;
  if (!iterator) module.logger(`${checkpoint.source}: it does not say where the iterator stood; the order of its samples begins anew`);
  if (!epochComplete) return { epoch, nbatch, position: iterator };
  if (iterator) {
    if (await trainData.next()) throw new Error(`${checkpoint.source}: the iterator gives more than the ${nbatch} batches of epoch ${epoch}; resume over the same data in batches of the same size`);
    await trainData.reset();
  }
  return { epoch: epoch + 1, nbatch: 0, position: null };
}

/** Trains the batches of one epoch, or what is left of it, and gives the metric's values, taken before the last callbacks. */
async function trainEpoch(
  module: Module,
  trainData: DataIter,
  metric: Metric,
  { countPadding = false, batchEndCallback, monitor, stepsPerExecution = 1 }: FitOptions,
  { epoch, nbatch: done, position }: Start,
): Promise<[name: string, value: number][]> {
  if (done === 0) metric.reset();
  // A checkpoint holds the state at the epoch's beginning and how many batches to skip: the next batch is fetched ahead, and not every state is cheap.
  const state = position?.state ?? stateOf(trainData);
  const skipped = position?.skip ?? 0;
  const groupSize = monitor ? 1 : stepsPerExecution;
  let nbatch = done;
  let group = await nextBatches(trainData, groupSize);
  if (group.length === 0 && nbatch === 0) throw new Error(`fit: the iterator gave no batch for epoch ${epoch}; call its reset() first, or give it samples`);
  let values = metric.getGlobalNameValue();
  while (group.length > 0) {
    monitor?.tic();
    const trained = [];
    for (const [i, batch] of group.entries()) {
      const validRows = countPadding ? undefined : validRowsOf(batch, trainData);
      const rows = validRows === undefined ? {} : { validRows };
      await module.trainStep(batch, { ...rows, continues: i > 0 });
      trained.push({ batch, options: { ...rows, ...(group.length > 1 && { outputs: module.keepOutputs() }) } });
    }
    for (const { batch, options } of trained) await module.updateMetric(metric, batch, options);
    const end = nbatch + group.length;
    module.progress = { epoch, nbatch: end, epochComplete: false, iterator: state && { state, skip: skipped + end - done }, metric };
    const next = group.length < groupSize ? [] : await nextBatches(trainData, groupSize);
    await monitor?.tocPrint(module.logger);
    if (next.length === 0) values = metric.getGlobalNameValue();
    for (const batch of group) await announce(batchEndCallback, { epoch, nbatch: nbatch++, evalMetric: metric, locals: { module, batch, trainData } });
    group = next;
  }
  return values;
}

/** As many batches as there are left, at most `count`. */
async function nextBatches(data: DataIter, count: number): Promise<DataBatch[]> {
  const batches: DataBatch[] = [];
  for (let batch; batches.length < count && (batch = await data.next()); ) batches.push(batch);
  return batches;
}

async function validate(module: Module, evalData: DataIter, metric: Metric, { countPadding, evalBatchEndCallback, evalEndCallback }: FitOptions, epoch: number): Promise<void> {
  const values = await module.score(evalData, metric, {
    epoch,
    ...(countPadding && { countPadding }),
    ...(evalBatchEndCallback && { batchEndCallback: evalBatchEndCallback }),
    ...(evalEndCallback && { scoreEndCallback: evalEndCallback }),
  });
  for (const [name, value] of values) module.logger(`Epoch[${epoch}] Validation-${name}=${fixed(value)}`);
}
