import type { DataIter, HostArray } from '@lossworks/data';
import type { HeadGradients, Monitor, Symbol } from '@lossworks/graph';
import type { Metric, MetricSource } from '@lossworks/metrics';
import { NDArray, RandomGenerator, read, scalar } from '@lossworks/ndarray';
import type { Evaluation, Optimizer, UpdaterState } from '@lossworks/optim';
import { type Batch, batchSizeOf, feedsOf, hostLabels, type NamedShape, shapesOf } from './batch.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import { loadModule, restoreCheckpoint, saveCheckpoint, type RestoredProgress, type RestoreOptions, type SaveOptions } from './checkpoint/module-checkpoint.js';
import { fit, type FitOptions } from './fit.js';
import { assignParameter, initializeParameters, valueOf } from './initialize-parameters.js';
import { Uniform } from './initializers/initializer-classes.js';
import type { NamedParameters } from './initializers/load.js';
import type { Logger } from './logger.js';
import {
  type BindOptions, type ForwardOptions, type InitOptimizerOptions, type InitParamsOptions, type LossOfOutputs, moduleDefaults, type ModuleOptions, type ModuleParameters,
  type ParametersOptions,
} from './module-options.js';
import { leadingRows, rowsBetween } from './padding.js';
import { iterPredict, predict, type BatchPrediction, type PredictOptions } from './predict.js';
import type { Progress } from './progress.js';
import { score, type ScoreOptions } from './score.js';
import { createTrainer, type TrainedParameter, type Trainer, useEvaluationWeights } from './trainer.js';
import { trainOnce } from './train-once.js';
import { type KeptOutputs, Workers } from './workers.js';

/**
 * A network with its parameters, an optimizer and a training loop (MXNet `Module`). Each method is one step of training, to be called by hand or by `fit`;
 * they record, and reading the outputs, as `updateMetric` does, runs a whole training step at once.
 */
export class Module {
  /** The network. */
  readonly symbol: Symbol;
  /** Arguments that a batch's `data` feeds. */
  readonly dataNames: readonly string[];
  /** Arguments that a batch's `label` feeds: those of the option that the network has. */
  readonly labelNames: readonly string[];
  /** The network's outputs, in the order of `getOutputs`. */
  readonly outputNames: readonly string[];
  /** In the order of the symbol's arguments; an optimizer knows them by their place here. */
  readonly parameterNames: readonly string[];
  /** The network's auxiliary states, such as moving averages, in the order in which the symbol lists them. */
  readonly auxiliaryNames: readonly string[];
  /** Where warnings and the lines of `fit` go. */
  readonly logger: Logger;
  /** Generator of everything random in the network: initial values, dropout. */
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
  #trainer: Trainer | undefined;
  #loss: LossOfOutputs | undefined;

  /**
   * Names what the symbol's arguments are; `bind` makes the arrays.
   *
   * @throws RangeError where `dataNames` or `fixedParameterNames` names no argument.
   */
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

  /** Whether `bind` has made the arrays (MXNet `binded`). */
  get isBound(): boolean {
    return this.#bound !== undefined;
  }

  /** Whether parameters have values (MXNet `params_initialized`). */
  get isInitialized(): boolean {
    return this.#initialized;
  }

  /** Whether there is an optimizer, or another algorithm (MXNet `optimizer_initialized`). */
  get hasOptimizer(): boolean {
    return this.#trainer !== undefined;
  }

  /** The optimizer of `initOptimizer`; undefined before, and for algorithms that are none (`lbfgs`). */
  get optimizer(): Optimizer | undefined {
    return this.#trainer?.optimizer;
  }

  /**
   * Samples of a batch, as bound.
   *
   * @throws Error before `bind`.
   */
  get batchSize(): number {
    const [first] = this.#binding('batchSize').options.dataShapes;
    return first?.shape[first.batchAxis ?? 0] ?? 0;
  }

  /**
   * Makes the arrays of the network for batches of these shapes (MXNet `bind`). Other batch sizes may follow; their first use compiles once. A second
   * call logs a line and does nothing, unless `forceRebind` is given.
   *
   * @throws RangeError where the names are not the module's, the shapes do not determine those of the parameters, parameters loaded have others, or a
   * worker would get no sample.
   */
  bind(options: BindOptions): void {
    if (this.#bound && !options.forceRebind) {
      this.logger('Module.bind: the module is bound already; give forceRebind to bind it again');
      return;
    }
    const { dataShapes, labelShapes = [], forTraining = true, inputsNeedGradient = false, gradReq = 'write' } = options;
    checkNames('dataShapes', dataShapes, this.dataNames);
    if (labelShapes.length > 0) checkNames('labelShapes', labelShapes.filter(({ name }) => this.labelNames.includes(name)), this.labelNames);
    const { fixedParameterNames, checkInputs, workLoads } = this.#options;
    const trained = this.parameterNames.filter((name) => !fixedParameterNames.includes(name));
    const parameters = this.#bound ? this.getParams() : this.#loaded;
    const inputNames = [...this.dataNames, ...this.labelNames];
    const workers = new Workers(
      {
        symbol: this.symbol,
        inputNames,
        gradientNames: new Set(forTraining ? [...trained, ...(inputsNeedGradient ? this.dataNames : [])] : []),
        gradReq,
        checkInputs,
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
   * First values of all parameters and auxiliary states (MXNet `init_params`). A second call needs `forceInit`.
   *
   * @throws Error before `bind`; RangeError for a value that is missing or of another shape, and for a name the initializer has no rule for.
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

  /**
   * Makes the optimizer (MXNet `init_optimizer`). A second call needs `forceInit`, which forgets momentum and counts.
   *
   * @throws Error before `initParams`; RangeError for an unknown name or option, and for `lbfgs` without `loss`.
   */
  initOptimizer(options: InitOptimizerOptions = {}): void {
    if (!this.#initialized) throw new Error('Module.initOptimizer: the parameters have no values yet; call initParams first');
    if (this.#trainer && !options.forceInit) {
      this.logger('Module.initOptimizer: there is an optimizer already; give forceInit to replace it');
      return;
    }
    this.#trainer = createTrainer(options, { parameters: () => this.#trained('initOptimizer'), attributes: this.symbol.attrDict(), batchSize: this.batchSize });
    this.#loss = options.loss;
    if (this.#loadedOptimizer) this.#trainer.restore(this.#loadedOptimizer);
    this.#loadedOptimizer = undefined;
  }

  /**
   * Records the outputs for a batch (MXNet `forward`). In inference mode the weights are those to evaluate: averages, where the optimizer keeps them.
   *
   * @throws Error before `initParams`; RangeError where the batch does not fit what was bound, or a label is outside its classes.
   */
  async forward(batch: Batch, options: ForwardOptions = {}): Promise<void> {
    const { workers, options: bound } = this.#binding('forward');
    const isTrain = options.isTrain ?? bound.forTraining ?? true;
    const { feeds, shapes, ...rest } = this.#fed('forward', batch, options);
    const putBack = !isTrain && this.#trainer ? useEvaluationWeights(this.#trainer, this.#trained('forward')) : undefined;
    try {
      await workers.forward(feeds, shapes, { isTrain, ...rest });
    } finally {
      putBack?.();
    }
  }

  /** A batch as the network takes it. */
  #fed(caller: string, batch: Batch, options: Omit<ForwardOptions, 'isTrain'>) {
    const { options: bound } = this.#binding(caller);
    if (!this.#initialized) throw new Error(`Module.${caller}: the parameters have no values yet; call initParams first`);
    const data = feedsOf(batch.data, batch.provideData, bound.dataShapes, 'data');
    const label = batch.label ? feedsOf(batch.label, batch.provideLabel, bound.labelShapes ?? [], 'label', this.labelNames) : new Map<string, NDArray>();
    const fedLabels = (bound.labelShapes ?? []).filter(({ name }) => this.labelNames.includes(name));
    const shapes = shapesOf(data, label, { dataShapes: bound.dataShapes, labelShapes: fedLabels });
    const { validRows, continues = false } = options;
    return { feeds: new Map([...data, ...label]), shapes, validRows: validRows === undefined ? undefined : scalar(validRows), continues };
  }

  /**
   * Records the gradients of the last forward (MXNet `backward`). `headGradients`, of the outputs' shapes, is needed for outputs that are no losses.
   *
   * @throws Error before `forward`; RangeError where an output that is no loss has no head gradient, and for head gradients with several workers.
   */
  async backward(headGradients?: HeadGradients): Promise<void> {
    await this.#ran('backward').backward(headGradients);
  }

  /**
   * `forward` in training mode and `backward` in one (MXNet `forward_backward`): what both record is recorded once for all batches of a shape, which saves time
   * in networks of many small operators.
   *
   * @throws as these do.
   */
  async forwardBackward(batch: Batch, options: Omit<ForwardOptions, 'isTrain'> = {}): Promise<void> {
    const { feeds, shapes, ...rest } = this.#fed('forwardBackward', batch, options);
    await this.#binding('forwardBackward').workers.forwardBackward(feeds, shapes, rest);
  }

  /**
   * Records one update of every parameter by the gradients of the last backward (MXNet `update`).
   *
   * @throws Error before `initOptimizer`, and for algorithms that evaluate more than once a step (`sam`, `lbfgs`).
   */
  update(): void {
    const { name, update } = this.#trainerOf('update');
    if (!update) throw new Error(`Module.update: ${name} evaluates more than once a step; call trainStep(batch)`);
    update();
    this.step++;
  }

  /**
   * One whole training step: forward, backward and update; SAM and L-BFGS evaluate more than once in it. Outputs and auxiliary states are afterwards
   * those of the first evaluation, and random numbers are the same in all. With `continues`, steps that nobody has read are computed together; where their
   * outputs are wanted, `keepOutputs` after each.
   *
   * @throws Error before `initOptimizer`; RangeError where the batch does not fit what was bound.
   */
  async trainStep(batch: Batch, options: Omit<ForwardOptions, 'isTrain'> = {}): Promise<void> {
    const { step } = this.#trainerOf('trainStep');
    if (!step) {
      await this.forwardBackward(batch, options);
      this.update();
      return;
    }
    const evaluate = async (): Promise<Evaluation> => {
      await this.forwardBackward(batch, { ...options, continues: false });
      return { loss: this.#lossOf(batch), gradients: this.#trained('trainStep').map(({ gradient }) => gradient) };
    };
    await trainOnce(step, evaluate, this.random, this.#binding('trainStep').workers);
    this.step++;
  }

  /**
   * Lets a metric see the last outputs and a batch's labels (MXNet `update_metric`). Reading the outputs runs whatever was recorded: forward,
   * backward and update in one run.
   *
   * @param options.validRows how many leading samples are real and counted; all unless told, as in MXNet.
   * @param options.outputs those of the batch, from `keepOutputs`, where other batches have followed.
   * @throws Error before `forward`; RangeError where the metric cannot read them: name its outputs and labels.
   */
  async updateMetric(metric: Metric, batch: Batch, { validRows, outputs }: { readonly validRows?: number; readonly outputs?: KeptOutputs } = {}): Promise<void> {
    const parts = outputs ?? this.#ran('updateMetric').parts.map(({ executor, begin, end }) => ({ outputs: executor.outputs, begin, end }));
    const { labelShapes = [] } = this.#binding('updateMetric').options;
    const labels = [...hostLabels(batch, labelShapes)];
    const onDevice = labels.flatMap(([, label]) => (label instanceof NDArray ? [label] : []));
    const numbers = await read([...onDevice, ...parts.flatMap((part) => part.outputs)]);
    const fetched = new Map(onDevice.map((label) => [label, numbers.shift()!]));
    const hostLabel = (label: HostArray | NDArray): HostArray => (label instanceof NDArray ? { data: fetched.get(label)!, shape: label.shape } : label);
    const batchSize = batchSizeOf(batch);
    // Once a worker, as MXNet does: a metric that averages over its updates sees as many.
    for (const { outputs: ofPart, begin, end } of parts) {
      const rows = Math.min(Math.max((validRows ?? batchSize) - begin, 0), end - begin);
      const preds = ofPart.map(({ shape }, i) => [this.outputNames[i]!, leadingRows({ data: numbers.shift()!, shape }, end - begin, rows)] as const);
      if (rows > 0) metric.updateDict(new Map(labels.map(([name, label]) => [name, rowsBetween(hostLabel(label), batchSize, begin, begin + rows)])), new Map(preds));
    }
  }

  /**
   * Outputs of the last forward, in the order of `outputNames` (MXNet `get_outputs`). The next forward gives them new contents. Read them before you compute with them, or do so in
   * `transient`: else the step's weights are kept for what you recorded.
   *
   * @throws Error before `forward`.
   */
  getOutputs(): readonly NDArray[] {
    return this.#ran('getOutputs').outputs;
  }

  /**
   * Outputs of the last forward for `updateMetric`, kept when other batches follow: they are computed with the next read, whatever it reads.
   *
   * @throws Error before `forward`.
   */
  keepOutputs(): KeptOutputs {
    return this.#ran('keepOutputs').keepOutputs();
  }

  /**
   * Gradients of the data of the last backward, of its shapes, in the order of `dataNames` (MXNet `get_input_grads`).
   *
   * @throws Error before `forward`, or where the module was bound without `inputsNeedGradient`.
   */
  getInputGradients(): readonly NDArray[] {
    const workers = this.#ran('getInputGradients');
    return this.dataNames.map((name) => {
      const gradient = workers.inputGradient(name);
      if (!gradient) throw new Error('Module.getInputGradients: they were not asked for; bind with inputsNeedGradient: true');
      return gradient;
    });
  }

  /**
   * Lets a monitor listen to every step (MXNet `install_monitor`): call its `tic` before a step and `await tocPrint()` after it. `fit` does so by its
   * option `monitor`.
   *
   * @throws Error before `bind`.
   */
  installMonitor(monitor: Monitor): void {
    this.#binding('installMonitor').workers.installMonitor(monitor);
  }

  /**
   * Present parameters and auxiliary states by name (MXNet `get_params`). Later updates do not change the arrays given out.
   *
   * @throws Error before `bind`.
   */
  getParams({ forEvaluation = false }: ParametersOptions = {}): ModuleParameters {
    const { workers } = this.#binding('getParams');
    const evaluated = new Map(forEvaluation ? this.#trained('getParams').map((parameter) => [parameter.name, this.#trainer?.evaluationWeight(parameter)]) : []);
    const snapshots = (arrays: ReadonlyMap<string, NDArray>) => Object.fromEntries([...arrays].map(([name, array]) => [name, (evaluated.get(name) ?? array).snapshot()]));
    return { argParams: snapshots(workers.parameters), auxParams: snapshots(workers.meanStates()) };
  }

  /**
   * Replaces parameters and auxiliary states (MXNet `set_params`).
   *
   * @param options.allowMissing whether those not named stay as they are; else they are an error.
   * @param options.allowExtra whether names the network does not have are left alone; only asked with `allowMissing`, as in MXNet.
   * @throws Error before `bind`; RangeError for a value that is missing, of another shape, or of no parameter.
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

  /**
   * Trains for some epochs (MXNet `fit`); see `FitOptions`. Binds, initializes and makes the optimizer where that is not done yet.
   *
   * @throws RangeError for a `numEpoch` that is no whole number, an unknown metric, optimizer or option, or data that do not fit the network; Error
   * where the iterator gives no batch, or does not fit the checkpoint of `resume`.
   */
  fit(trainData: DataIter, options: FitOptions): Promise<void> {
    return fit(this, trainData, options);
  }

  /**
   * The metric over an iterator's batches in inference mode, as pairs of name and value (MXNet `score`).
   *
   * @throws Error before `initParams`; RangeError for an unknown metric, or data that do not fit the network.
   */
  score(data: DataIter, metric: MetricSource, options: ScoreOptions = {}): Promise<[name: string, value: number][]> {
    return score(this, data, metric, options);
  }

  /**
   * Outputs over an iterator's batches, `[samples, …]`, joined along the first axis and without padding, in a list (MXNet `predict`).
   *
   * @throws Error before `initParams`, or where the iterator gives no batch; RangeError where batches' outputs cannot be joined.
   */
  predict(data: DataIter, options: PredictOptions & { readonly alwaysOutputList: true }): Promise<NDArray[]>;
  /**
   * The same: one array, or a list where there are several outputs.
   *
   * @throws Error before `initParams`, or where the iterator gives no batch; RangeError where batches' outputs cannot be joined.
   */
  predict(data: DataIter, options?: PredictOptions): Promise<NDArray | NDArray[]>;
  predict(data: DataIter, options: PredictOptions = {}): Promise<NDArray | NDArray[]> {
    return predict(this, data, options);
  }

  /**
   * Outputs batch by batch, without padding (MXNet `iter_predict`).
   *
   * @throws Error before `initParams`; RangeError where a batch does not fit what was bound.
   */
  iterPredict(data: DataIter, options: PredictOptions = {}): AsyncGenerator<BatchPrediction> {
    return iterPredict(this, data, options);
  }

  /**
   * Writes everything that training depends on to `PREFIX-NNNN.safetensors`, by way of a temporary file: there is the whole file or none.
   *
   * @returns the path.
   * @throws Error naming the file where it cannot be written; RangeError for a number that is no whole number of at least 0.
   */
  saveCheckpoint(prefix: string, number: number, options: SaveOptions = {}): Promise<string> {
    return saveCheckpoint(this, prefix, number, options);
  }

  /**
   * Goes back to a checkpoint of this network, iterator and metric included; the next step is bit for bit the one that would have followed.
   *
   * @throws RangeError for a checkpoint of another network; Error for one of another optimizer, or an iterator or metric that does not fit it.
   */
  restore(checkpoint: Checkpoint, options: RestoreOptions = {}): Promise<RestoredProgress> {
    return restoreCheckpoint(this, checkpoint, options);
  }

  /**
   * The network of a checkpoint with its parameters, ready to be bound (MXNet `Module.load`). With `loadOptimizerStates`, `initOptimizer` goes on
   * with the saved states.
   *
   * @throws Error naming the file where it is missing, damaged, of another version or no checkpoint.
   */
  static load(prefix: string, number: number, options: Partial<ModuleOptions> & { readonly loadOptimizerStates?: boolean } = {}): Promise<Module> {
    return loadModule(prefix, number, options, (symbol, moduleOptions) => new Module(symbol, moduleOptions));
  }

  /** Gives every worker the mean of their auxiliary states, as `fit` does at the end of an epoch; nothing changes where there is one. */
  joinWorkers(): void {
    if (this.#options.workLoads.length > 1) this.setParams({}, this.getParams().auxParams, { allowMissing: true });
  }

  /** @internal What moves the parameters, for checkpoints. */
  get trainer(): Trainer | undefined {
    return this.#trainer;
  }

  /** @internal Values to be used when the module is bound, and by `initOptimizer`. */
  preload(parameters: ModuleParameters, optimizer: UpdaterState | undefined): void {
    this.#loaded = parameters;
    this.#loadedOptimizer = optimizer;
    this.#initialized = true;
  }

  #trainerOf(method: string): Trainer {
    if (!this.#trainer) throw new Error(`Module.${method}: there is no optimizer yet; call initOptimizer first`);
    return this.#trainer;
  }

  /** The parameters that training moves, as they are bound now. */
  #trained(method: string): TrainedParameter[] {
    const { parameters, gradients } = this.#binding(method).workers;
    return this.parameterNames.flatMap((name, index) => {
      const gradient = gradients.get(name);
      return gradient ? [{ index, name, weight: parameters.get(name)!, gradient }] : [];
    });
  }

  /** The loss of the last forward, where `initOptimizer` was told how; NaN else, which nobody reads. */
  #lossOf(batch: Batch): NDArray | number {
    if (!this.#loss) return Number.NaN;
    const label = batch.label ? feedsOf(batch.label, batch.provideLabel, this.#binding('trainStep').options.labelShapes ?? [], 'label') : new Map<string, NDArray>();
    return this.#loss(Object.fromEntries(this.outputNames.map((name, i) => [name, this.getOutputs()[i]!])), Object.fromEntries(label));
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
}

function checkNames(option: string, described: readonly NamedShape[], names: readonly string[]): void {
  const given = described.map(({ name }) => name);
  if (given.toSorted().join() !== names.toSorted().join()) {
    throw new RangeError(`bind: ${option} describes ${given.join(', ') || 'nothing'}, the module has ${names.join(', ') || 'none'}; use the same names in both`);
  }
}
