import { type DataIter, NDArrayIter, type Sources } from '@lossworks/data';
import type { Symbol } from '@lossworks/graph';
import { create, type Metric, type MetricSource } from '@lossworks/metrics';
import { currentEngine, type NDArray } from '@lossworks/ndarray';
import type { Optimizer } from '@lossworks/optim';
import { announce } from './callbacks/callback.js';
import { logValidationMetrics } from './callbacks/log-metric.js';
import { loadMxnetCheckpoint, saveMxnetCheckpoint } from './checkpoint/mxnet-checkpoint.js';
import type { FitOptions } from './fit.js';
import type { Initializer } from './initializers/initializer.js';
import { defaultLogger, fixed, type Logger } from './logger.js';
import type { ModuleParameters } from './module-options.js';
import { Module } from './module.js';

/** What a `FeedForward` trains with: the network, how often, and its optimizer (MXNet `FeedForward`). */
export interface FeedForwardOptions {
  /** The epoch to end before; needed by `fit` (MXNet `num_epoch`). */
  readonly numEpoch?: number;
  /** The epoch to begin with; 0 unless told, in `load` the one loaded (MXNet `begin_epoch`). */
  readonly beginEpoch?: number;
  /** Batches of an epoch, over several passes of the iterator where it has fewer; one pass unless told (MXNet `epoch_size`). */
  readonly epochSize?: number;
  /** A name, `sgd` unless told, or an optimizer. */
  readonly optimizer?: string | Optimizer;
  /** Of a named optimizer; `learningRate` is 0.01 where there are none. */
  readonly optimizerOptions?: Readonly<Record<string, unknown>>;
  /** First values of parameters that are not given; `Uniform({ scale: 0.01 })` unless told. */
  readonly initializer?: Initializer;
  /** Rows of a batch where arrays are given in place of an iterator; 128 unless told, never more than there are rows (MXNet `numpy_batch_size`). */
  readonly batchSize?: number;
  /** Parameters there are already, by name. */
  readonly argParams?: Readonly<Record<string, NDArray>>;
  /** Auxiliary states there are already, by name. */
  readonly auxParams?: Readonly<Record<string, NDArray>>;
  /** Of initial values, shuffling and whatever else is random; 0 unless told. */
  readonly seed?: number;
  /** Where lines go; `console.log` unless told. */
  readonly logger?: Logger;
}

/** What `FeedForward.fit` is given beside the data: metrics, a monitor and callbacks. Without `evalEndCallback` it logs the metric of `evalData`. */
export type FeedForwardFitOptions = Pick<FitOptions, 'evalData' | 'evalMetric' | 'monitor' | 'batchEndCallback' | 'epochEndCallback' | 'evalBatchEndCallback' | 'evalEndCallback'>;

/**
 * MXNet's older model (`FeedForward`), for programs written for it: arrays or an iterator in, batches counted from 1, nothing logged about training, the
 * iterator reset before the first epoch. `Module` is what new programs want.
 */
export class FeedForward {
  /** The network. */
  readonly symbol: Symbol;
  readonly #options: FeedForwardOptions;
  readonly #logger: Logger;
  #parameters: Partial<ModuleParameters>;

  /** Options are kept for `fit`, which checks them. */
  constructor(symbol: Symbol, options: FeedForwardOptions = {}) {
    this.symbol = symbol;
    this.#options = options;
    this.#logger = options.logger ?? defaultLogger;
    this.#parameters = { ...(options.argParams && { argParams: options.argParams }), ...(options.auxParams && { auxParams: options.auxParams }) };
  }

  /**
   * A model of what `save`, or MXNet's `save_checkpoint`, wrote; training goes on at that epoch.
   *
   * @throws Error naming the file where one is missing or damaged.
   */
  static async load(prefix: string, epoch: number, options: FeedForwardOptions = {}): Promise<FeedForward> {
    const { symbol, argParams, auxParams } = await loadMxnetCheckpoint(prefix, epoch);
    return new FeedForward(symbol, { beginEpoch: epoch, ...options, argParams, auxParams });
  }

  /** Parameters by name, as they are after training, or as they were given. */
  get argParams(): Readonly<Record<string, NDArray>> {
    return this.#parameters.argParams ?? {};
  }

  /** Auxiliary states by name, as they are after training, or as they were given. */
  get auxParams(): Readonly<Record<string, NDArray>> {
    return this.#parameters.auxParams ?? {};
  }

  /**
   * Trains on an iterator, or on arrays: rows of `data` with a label each, shuffled, the last incomplete batch kept for the next epoch.
   *
   * @throws RangeError without `numEpoch`, for an unknown optimizer or option, or data that do not fit the network; Error where the iterator gives no
   * batch.
   */
  async fit(data: DataIter | Sources, label?: Sources, options: FeedForwardFitOptions = {}): Promise<void> {
    const { numEpoch, beginEpoch = 0, epochSize = Number.POSITIVE_INFINITY, optimizer, optimizerOptions } = this.#options;
    if (numEpoch === undefined) throw new RangeError('FeedForward.fit: numEpoch is not given; give the epoch to end before');
    const { evalData, evalMetric = 'acc', monitor, batchEndCallback, epochEndCallback } = options;
    const train = this.#iteratorOf(data, label, true);
    const metric = create(evalMetric);
    const module = this.#bound(train, true);
    module.initOptimizer({ ...(optimizer && { optimizer }), ...(optimizerOptions && { optimizerOptions }) });
    if (monitor) module.installMonitor(monitor);
    this.#logger(`Start training with [${(await currentEngine()).device}(0)]`);
    await train.reset();
    for (let epoch = beginEpoch; epoch < numEpoch; epoch++) {
      const begun = performance.now();
      metric.reset();
      let wasEmpty = false;
      for (let nbatch = 0, isOver = false; !isOver; ) {
        const batch = await train.next();
        if (!batch) {
          this.#logger(`Epoch[${epoch}] Resetting Data Iterator`);
          await train.reset();
          // An epoch that ended at its size may have left nothing: the next pass begins anew, once.
          if (wasEmpty) throw new Error(`FeedForward.fit: the iterator gives no batch in epoch ${epoch}; give it samples`);
          wasEmpty = true;
          isOver = nbatch > 0 && (epochSize === Number.POSITIVE_INFINITY || nbatch >= epochSize);
          continue;
        }
        wasEmpty = false;
        monitor?.tic();
        await module.trainStep(batch);
        await monitor?.tocPrint(this.#logger);
        await module.updateMetric(metric, batch);
        nbatch++;
        await announce(batchEndCallback, { epoch, nbatch, evalMetric: metric, locals: { module, batch } });
        isOver = nbatch >= epochSize;
      }
      this.#logger(`Epoch[${epoch}] Time cost=${fixed((performance.now() - begun) / 1000, 3)}`);
      module.joinWorkers();
      this.#parameters = module.getParams();
      await announce(epochEndCallback, { epoch, symbol: this.symbol, ...module.getParams() });
      if (evalData) await this.#evaluate(module, evalData, metric, epoch, options);
    }
  }

  /**
   * Outputs without padding, `[samples, …]`, joined along the first axis: one array, or a list where there are several outputs.
   *
   * @throws Error where there are no parameters yet or the iterator gives no batch; RangeError for data that do not fit the network.
   */
  async predict(data: DataIter | Sources, { numBatch, reset = true }: { readonly numBatch?: number; readonly reset?: boolean } = {}): Promise<NDArray | NDArray[]> {
    const iterator = this.#iteratorOf(data, undefined, false);
    return this.#bound(iterator, false).predict(iterator, { reset, ...(numBatch !== undefined && { numBatch }) });
  }

  /**
   * The metric's value over an iterator, samples that fill the last batch included, as MXNet counts.
   *
   * @throws Error where there are no parameters yet; RangeError for an unknown metric, or data that do not fit the network.
   */
  async score(data: DataIter, evalMetric: MetricSource = 'acc', { numBatch }: { readonly numBatch?: number } = {}): Promise<number> {
    const values = await this.#bound(data, false).score(data, evalMetric, { countPadding: true, ...(numBatch !== undefined && { numBatch }) });
    return values[0]![1];
  }

  /**
   * Writes MXNet's two files (`PREFIX-symbol.json`, `PREFIX-NNNN.params`), numbered `numEpoch` unless told.
   *
   * @throws Error naming the file where it cannot be written.
   */
  async save(prefix: string, epoch = this.#options.numEpoch ?? 0): Promise<void> {
    await saveMxnetCheckpoint(prefix, epoch, { symbol: this.symbol, argParams: this.argParams, auxParams: this.auxParams });
  }

  async #evaluate(module: Module, data: DataIter, metric: Metric, epoch: number, options: FeedForwardFitOptions): Promise<void> {
    const { evalBatchEndCallback, evalEndCallback = logValidationMetrics({ logger: this.#logger }) } = options;
    metric.reset();
    await data.reset();
    let nbatch = 0;
    for (let batch = await data.next(); batch; batch = await data.next()) {
      await module.forward(batch, { isTrain: false });
      await module.updateMetric(metric, batch);
      await announce(evalBatchEndCallback, { epoch, nbatch, evalMetric: metric, locals: { module, batch } });
      nbatch++;
    }
    await announce(evalEndCallback, { epoch, nbatch, evalMetric: metric, locals: { module } });
    await data.reset();
  }

  #iteratorOf(data: DataIter | Sources, label: Sources | undefined, isTrain: boolean): DataIter {
    if (isIterator(data)) return data;
    const { batchSize = 128, seed = 0 } = this.#options;
    const whole = new NDArrayIter(data, label);
    const fitting = { batchSize: Math.min(batchSize, whole.rows), seed };
    return new NDArrayIter(data, label, isTrain ? { ...fitting, shuffle: true, lastBatchHandle: 'rollOver' } : fitting);
  }

  /** Everything an iterator does not feed is a parameter. */
  #bound(iterator: DataIter, forTraining: boolean): Module {
    const { initializer, seed } = this.#options;
    const dataNames = iterator.provideData.map(({ name }) => name);
    const known = Object.keys(this.argParams);
    if (!forTraining && known.length === 0) throw new Error('FeedForward: there are no parameters yet; call fit first, or give argParams');
    // In use, labels that nobody feeds are no parameters either.
    const labelNames = this.symbol.listArguments().filter((name) => (forTraining ? iterator.provideLabel.some((label) => label.name === name) : !dataNames.includes(name) && !known.includes(name)));
    const module = new Module(this.symbol, { dataNames, labelNames, logger: this.#logger, ...(seed !== undefined && { seed }) });
    module.bind({ dataShapes: iterator.provideData, labelShapes: iterator.provideLabel.filter(({ name }) => labelNames.includes(name)), forTraining });
    module.initParams({ ...(initializer && { initializer }), ...this.#parameters, allowMissing: true });
    return module;
  }
}

function isIterator(data: DataIter | Sources): data is DataIter {
  return 'next' in (data as object) && 'reset' in (data as object);
}
