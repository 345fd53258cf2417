import type { DataIter, HostArray } from '@lossworks/data';
import type { HeadGradients, Symbol } from '@lossworks/graph';
import type { Metric, MetricSource } from '@lossworks/metrics';
import { NDArray, RandomGenerator, read, scalar } from '@lossworks/ndarray';
import { createOptimizer, getUpdater, type Optimizer, type Updater, type UpdaterState } from '@lossworks/optim';
import { type Batch, batchSizeOf, feedsOf, hostLabels, type NamedShape, shapesOf } from './batch.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import { loadModule, restoreCheckpoint, saveCheckpoint, type RestoredProgress, type RestoreOptions, type SaveOptions } from './checkpoint/module-checkpoint.js';
import { fit, type FitOptions } from './fit.js';
import { assignParameter, initializeParameters, valueOf } from './initialize-parameters.js';
import { Uniform } from './initializers/initializer-classes.js';
import type { NamedParameters } from './initializers/load.js';
import type { Logger } from './logger.js';
import { type BindOptions, type ForwardOptions, type InitOptimizerOptions, type InitParamsOptions, moduleDefaults, type ModuleOptions, type ModuleParameters } from './module-options.js';
import { leadingRows, rowsBetween } from './padding.js';
import { iterPredict, predict, type BatchPrediction, type PredictOptions } from './predict.js';
import type { Progress } from './progress.js';
import { score, type ScoreOptions } from './score.js';
import { Workers } from './workers.js';

/**
 * A network with its parameters, an optimizer and a training loop (MXNet `Module`). Each method is one step of training, to be called by hand or by `fit`;
 * they record, and reading the outputs, as `updateMetric` does, runs a whole training step at once.
 */
export class Module {
  readonly symbol: Symbol;
  readonly dataNames: readonly string[];
  readonly labelNames: readonly string[];
  readonly outputNames: readonly string[];
  /** In the order of the symbol's arguments; an optimizer knows them by their place here. */
  readonly parameterNames: readonly string[];
  readonly auxiliaryNames: readonly string[];
  readonly logger: Logger;
  /** Of everything random in the network. */
  readonly random: RandomGenerator;
  /** Updates so far. */
  step = 0;
  /** Where the training loop stands, for checkpoints; `fit` sets it. */
  progress: Progress | undefined;
  readonly #options: ModuleOptions;
  #bound: { readonly options: BindOptions; readonly workers: Workers } | undefined;
  #loaded: ModuleParameters | undefined;
  #loadedOptimizer: UpdaterState | undefined;
  #initialized = false;
  #updater: Updater | undefined;
  readonly #validRows = new Map<number, NDArray>();

  /** @throws RangeError where `dataNames` or `fixedParameterNames` names no argument. */
  constructor(symbol: Symbol, options: Partial<ModuleOptions> = {}) {
    this.#options = { ...moduleDefaults, ...options };
    const { dataNames, labelNames, fixedParameterNames, seed, logger } = this.#options;
    this.symbol = symbol;
    this.logger = logger;
    this.random = new RandomGenerator(seed);
    const names = symbol.listArguments();
    const check = (option: string, given: readonly string[]) => {
      const unknown = given.filter((name) => !names.includes(name));
      if (unknown.length > 0) throw new RangeError(`Module: ${option} has ${unknown.join(', ')}, no argument of the symbol; the arguments are ${names.join(', ')}`);
    };
    check('dataNames', dataNames);
    check('fixedParameterNames', fixedParameterNames);
    const unknownLabels = labelNames.filter((name) => !names.includes(name));
    if (options.labelNames && unknownLabels.length > 0) logger(`Module: labelNames has ${unknownLabels.join(', ')}, no argument of the symbol; it is not fed`);
    this.dataNames = dataNames;
    this.labelNames = labelNames.filter((name) => names.includes(name));
    this.outputNames = symbol.listOutputs();
    this.parameterNames = names.filter((name) => !dataNames.includes(name) && !labelNames.includes(name));
    this.auxiliaryNames = symbol.listAuxiliaryStates();
  }

  get isBound(): boolean {
    return this.#bound !== undefined;
  }

  get isInitialized(): boolean {
    return this.#initialized;
  }

  /** The optimizer of `initOptimizer`; undefined before. */
  get optimizer(): Optimizer | undefined {
    return this.#updater?.optimizer;
  }

  /** Samples of a batch, as bound. */
  get batchSize(): number {
    const [first] = this.#binding('batchSize').options.dataShapes;
    return first?.shape[first.batchAxis ?? 0] ?? 0;
  }

  /** Makes the arrays of the network for batches of these shapes. Other batch sizes may follow; their first use compiles once. */
  bind(options: BindOptions): void {
    if (this.#bound && !options.forceRebind) {
      this.logger('Module.bind: the module is bound already; give forceRebind to bind it again');
      return;
    }
    const { dataShapes, labelShapes = [], forTraining = true, inputsNeedGradient = false, gradReq = 'write' } = options;
    checkNames('dataShapes', dataShapes, this.dataNames);
    if (labelShapes.length > 0) checkNames('labelShapes', labelShapes.filter(({ name }) => this.labelNames.includes(name)), this.labelNames);
    const { fixedParameterNames, checkLabels, workLoads } = this.#options;
    const trained = this.parameterNames.filter((name) => !fixedParameterNames.includes(name));
    const parameters = this.#bound ? this.getParams() : this.#loaded;
    const inputNames = [...this.dataNames, ...this.labelNames];
    const workers = new Workers(
      {
        symbol: this.symbol,
        inputNames,
        gradientNames: new Set(forTraining ? [...trained, ...(inputsNeedGradient ? this.dataNames : [])] : []),
        gradReq,
        checkLabels,
        random: this.random,
        parameters: new Map(Object.entries(parameters?.argParams ?? {})),
        auxiliaryStates: new Map(Object.entries(parameters?.auxParams ?? {})),
        workLoads,
      },
      [...dataShapes, ...labelShapes].filter(({ name }) => inputNames.includes(name)),
    );
    this.#bound = { options, workers };
  }

  /**
   * First values of all parameters and auxiliary states. A second call needs `forceInit`.
   *
   * @throws RangeError for a value that is missing or of another shape, and for a name the initializer has no rule for.
   */
  initParams({ initializer = new Uniform({ scale: 0.01 }), argParams, auxParams, allowMissing = false, forceInit = false }: InitParamsOptions = {}): void {
    const { workers } = this.#binding('initParams');
    if (this.#initialized && !forceInit) {
      if (argParams || auxParams) this.logger('Module.initParams: the parameters have values already; give forceInit to replace them');
      return;
    }
    const common = { initializer, allowMissing, attributes: this.symbol.attrDict(), random: this.random };
    initializeParameters(workers.parameters, { ...common, given: argParams });
    initializeParameters(workers.auxiliaryStates, { ...common, given: auxParams });
    workers.shareStates();
    this.#initialized = true;
  }

  /** Makes the optimizer. A second call needs `forceInit`, which forgets momentum and counts. */
  initOptimizer({ optimizer = 'sgd', optimizerOptions = { learningRate: 0.01 }, forceInit = false }: InitOptimizerOptions = {}): void {
    if (!this.#initialized) throw new Error('Module.initOptimizer: the parameters have no values yet; call initParams first');
    if (this.#updater && !forceInit) {
      this.logger('Module.initOptimizer: there is an optimizer already; give forceInit to replace it');
      return;
    }
    const indexToName = Object.fromEntries(this.parameterNames.map((name, i) => [i, name]));
    const made =
      typeof optimizer === 'string'
        ? createOptimizer(optimizer, { indexToName, attributes: this.symbol.attrDict(), rescaleGradient: 1 / this.batchSize, ...optimizerOptions })
        : optimizer;
    this.#updater = getUpdater(made);
    if (this.#loadedOptimizer) this.#updater.restore(this.#loadedOptimizer);
    this.#loadedOptimizer = undefined;
  }

  /**
   * Records the outputs for a batch.
   *
   * @throws RangeError where the batch does not fit what was bound.
   */
  async forward(batch: Batch, options: ForwardOptions = {}): Promise<void> {
    const { workers, options: bound } = this.#binding('forward');
    if (!this.#initialized) throw new Error('Module.forward: the parameters have no values yet; call initParams first');
    const isTrain = options.isTrain ?? bound.forTraining ?? true;
    const data = feedsOf(batch.data, batch.provideData, bound.dataShapes, 'data');
    const label = batch.label ? feedsOf(batch.label, batch.provideLabel, bound.labelShapes ?? [], 'label', this.labelNames) : new Map<string, NDArray>();
    const fedLabels = (bound.labelShapes ?? []).filter(({ name }) => this.labelNames.includes(name));
    const shapes = shapesOf(data, label, { dataShapes: bound.dataShapes, labelShapes: fedLabels });
    const { validRows } = options;
    await workers.forward(new Map([...data, ...label]), shapes, { isTrain, validRows: validRows === undefined ? undefined : this.#validRowsScalar(validRows) });
  }

  /** Records the gradients of the last forward. `headGradients` is needed for outputs that are no losses. */
  async backward(headGradients?: HeadGradients): Promise<void> {
    await this.#ran('backward').backward(headGradients);
  }

  async forwardBackward(batch: Batch, { validRows }: Pick<ForwardOptions, 'validRows'> = {}): Promise<void> {
    await this.forward(batch, { isTrain: true, ...(validRows !== undefined && { validRows }) });
    await this.backward();
  }

  /** Records one update of every parameter by the gradients of the last backward. */
  update(): void {
    const { workers } = this.#binding('update');
    const updater = this.#updater;
    if (!updater) throw new Error('Module.update: there is no optimizer yet; call initOptimizer first');
    const indices = this.parameterNames.flatMap((name, i) => (workers.gradients.has(name) ? [i] : []));
    updater(
      indices,
      indices.map((i) => workers.gradients.get(this.parameterNames[i]!)!),
      indices.map((i) => workers.parameters.get(this.parameterNames[i]!)!),
    );
    this.step++;
  }

  /**
   * Lets a metric see the last outputs and a batch's labels. Reading the outputs runs whatever was recorded: forward, backward and update in one run.
   *
   * @param options.validRows how many leading samples are real and counted; all unless told, as in MXNet.
   */
  async updateMetric(metric: Metric, batch: Batch, { validRows }: Pick<ForwardOptions, 'validRows'> = {}): Promise<void> {
    const { parts } = this.#ran('updateMetric');
    const { labelShapes = [] } = this.#binding('updateMetric').options;
    const labels = [...hostLabels(batch, labelShapes)];
    const onDevice = labels.flatMap(([, label]) => (label instanceof NDArray ? [label] : []));
    const numbers = await read([...onDevice, ...parts.flatMap(({ executor }) => executor.outputs)]);
    const fetched = new Map(onDevice.map((label) => [label, numbers.shift()!]));
    const hostLabel = (label: HostArray | NDArray): HostArray => (label instanceof NDArray ? { data: fetched.get(label)!, shape: label.shape } : label);
    const batchSize = batchSizeOf(batch);
    // Once a worker, as MXNet does: a metric that averages over its updates sees as many.
    for (const { executor, begin, end } of parts) {
      const rows = Math.min(Math.max((validRows ?? batchSize) - begin, 0), end - begin);
      const preds = executor.outputs.map(({ shape }, i) => [this.outputNames[i]!, leadingRows({ data: numbers.shift()!, shape }, end - begin, rows)] as const);
      if (rows > 0) metric.updateDict(new Map(labels.map(([name, label]) => [name, rowsBetween(hostLabel(label), batchSize, begin, begin + rows)])), new Map(preds));
    }
  }

  /** Outputs of the last forward, in the order of `outputNames`. The next forward gives them new contents. */
  getOutputs(): readonly NDArray[] {
    return this.#ran('getOutputs').outputs;
  }

  /** Gradients of the data of the last backward, in the order of `dataNames`. */
  getInputGradients(): readonly NDArray[] {
    const workers = this.#ran('getInputGradients');
    return this.dataNames.map((name) => {
      const gradient = workers.inputGradient(name);
      if (!gradient) throw new Error('Module.getInputGradients: they were not asked for; bind with inputsNeedGradient: true');
      return gradient;
    });
  }

  /** Present parameters and auxiliary states. Later updates do not change the arrays given out. */
  getParams(): ModuleParameters {
    const { workers } = this.#binding('getParams');
    const snapshots = (arrays: ReadonlyMap<string, NDArray>) => Object.fromEntries([...arrays].map(([name, array]) => [name, array.snapshot()]));
    return { argParams: snapshots(workers.parameters), auxParams: snapshots(workers.meanStates()) };
  }

  /**
   * Replaces parameters and auxiliary states.
   *
   * @param options.allowMissing whether those not named stay as they are; else they are an error.
   * @param options.allowExtra whether names the network does not have are left alone; only asked with `allowMissing`, as in MXNet.
   */
  setParams(argParams: NamedParameters, auxParams: NamedParameters = {}, { allowMissing = false, allowExtra = false } = {}): void {
    const { workers } = this.#binding('setParams');
    for (const [what, given, targets] of [
      ['parameter', argParams, workers.parameters],
      ['auxiliary state', auxParams, workers.auxiliaryStates],
    ] as const) {
      const names = [...(given instanceof Map ? given.keys() : Object.keys(given))] as string[];
      const missing = [...targets.keys()].filter((name) => !names.includes(name));
      const extra = names.filter((name) => !targets.has(name));
      if (!allowMissing && missing.length > 0) throw new RangeError(`setParams: there is no value for the ${what} ${missing.join(', ')}; give one, or set allowMissing`);
      if (allowMissing && !allowExtra && extra.length > 0) throw new RangeError(`setParams: the network has no ${what} ${extra.join(', ')}; leave it out, or set allowExtra`);
      for (const [name, target] of targets) {
        const value = valueOf(given, name);
        if (value) assignParameter(name, target, value);
      }
    }
    workers.shareStates();
    this.#initialized = true;
  }

  /** Trains for some epochs; see `FitOptions`. */
  fit(trainData: DataIter, options: FitOptions): Promise<void> {
    return fit(this, trainData, options);
  }

  /** The metric over an iterator's batches in inference mode, as pairs of name and value. */
  score(data: DataIter, metric: MetricSource, options: ScoreOptions = {}): Promise<[name: string, value: number][]> {
    return score(this, data, metric, options);
  }

  /** Outputs over an iterator's batches, joined along the first axis and without padding: one array, or a list where there are several outputs. */
  predict(data: DataIter, options: PredictOptions & { readonly alwaysOutputList: true }): Promise<NDArray[]>;
  predict(data: DataIter, options?: PredictOptions): Promise<NDArray | NDArray[]>;
  predict(data: DataIter, options: PredictOptions = {}): Promise<NDArray | NDArray[]> {
    return predict(this, data, options);
  }

  /** Outputs batch by batch, without padding. */
  iterPredict(data: DataIter, options: PredictOptions = {}): AsyncGenerator<BatchPrediction> {
    return iterPredict(this, data, options);
  }

  /**
   * Writes everything that training depends on to `PREFIX-NNNN.safetensors`, by way of a temporary file: there is the whole file or none.
   *
   * @returns the path.
   */
  saveCheckpoint(prefix: string, number: number, options: SaveOptions = {}): Promise<string> {
    return saveCheckpoint(this, prefix, number, options);
  }

  /** Goes back to a checkpoint of this network, iterator and metric included; the next step is bit for bit the one that would have followed. */
  restore(checkpoint: Checkpoint, options: RestoreOptions = {}): Promise<RestoredProgress> {
    return restoreCheckpoint(this, checkpoint, options);
  }

  /** The network of a checkpoint with its parameters, ready to be bound. With `loadOptimizerStates`, `initOptimizer` goes on with the saved states. */
  static load(prefix: string, number: number, options: Partial<ModuleOptions> & { readonly loadOptimizerStates?: boolean } = {}): Promise<Module> {
    return loadModule(prefix, number, options, (symbol, moduleOptions) => new Module(symbol, moduleOptions));
  }

  /** Gives every worker the mean of their auxiliary states, as `fit` does at the end of an epoch; nothing changes where there is one. */
  joinWorkers(): void {
    if (this.#options.workLoads.length > 1) this.setParams({}, this.getParams().auxParams, { allowMissing: true });
  }

  /** @internal The optimizer with its states, for checkpoints. */
  get updater(): Updater | undefined {
    return this.#updater;
  }

  /** @internal Values to be used when the module is bound, and by `initOptimizer`. */
  preload(parameters: ModuleParameters, optimizer: UpdaterState | undefined): void {
    this.#loaded = parameters;
    this.#loadedOptimizer = optimizer;
    this.#initialized = true;
  }

  #binding(method: string) {
    if (!this.#bound) throw new Error(`Module.${method}: the module has no arrays yet; call bind({ dataShapes }) first`);
    return this.#bound;
  }

  #ran(method: string): Workers {
    const workers = this.#bound?.workers;
    if (!workers || workers.parts.length === 0) throw new Error(`Module.${method}: there was no forward yet; call forward(batch) first`);
    return workers;
  }

  /** One array a number: an unchanged number of rows is not uploaded again. */
  #validRowsScalar(rows: number): NDArray {
    let known = this.#validRows.get(rows);
    if (!known) this.#validRows.set(rows, (known = scalar(rows)));
    return known;
  }
}

function checkNames(option: string, described: readonly NamedShape[], names: readonly string[]): void {
  const given = described.map(({ name }) => name);
  if (given.toSorted().join() !== names.toSorted().join()) {
    throw new RangeError(`bind: ${option} describes ${given.join(', ') || 'nothing'}, the module has ${names.join(', ') || 'none'}; use the same names in both`);
  }
}
