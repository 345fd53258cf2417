import type { CheckInputs } from '@lossworks/graph';
import type { NDArray } from '@lossworks/ndarray';
import type { Optimizer } from '@lossworks/optim';
import type { NamedShape } from './batch.js';
import type { Initializer } from './initializers/initializer.js';
import type { NamedParameters } from './initializers/load.js';
import { defaultLogger, type Logger } from './logger.js';

/** Names of data and labels, the seed, where log lines go (MXNet `Module`). */
export interface ModuleOptions {
  /** Arguments that a batch's `data` feeds; `['data']` unless told (MXNet `data_names`). */
  dataNames: readonly string[];
  /** Arguments that a batch's `label` feeds; `['softmax_label']` unless told (MXNet `label_names`). */
  labelNames: readonly string[];
  /** Parameters that training leaves alone; none unless told (MXNet `fixed_param_names`). */
  fixedParameterNames: readonly string[];
  /** Of initial values, dropout and whatever else is random in the network; 0 unless told. */
  seed: number;
  /**
   * What losses refuse with a RangeError, `fed` unless told: NaN, labels outside their classes, negative weights. `fed`: where they are fed in; `all`: where they are computed too, by a run more a step, for looking into a
   * training that goes wrong; `none`: nothing, as in MXNet.
   */
  checkInputs: CheckInputs;
  /**
   * One entry a worker: the batch is split by these shares (MXNet's context list and `work_load_list`). Gradients add up, so the weights move as with one
   * worker; batch normalization sees its worker's samples alone, and its moving averages are joined at the end of an epoch. Use it for trainings that
   * were made on several devices; a single one, `[1]`, unless told.
   */
  workLoads: readonly number[];
  /** Where warnings and the lines of `fit` go; `console.log` unless told. */
  logger: Logger;
}

export const moduleDefaults: ModuleOptions = {
  dataNames: ['data'],
  labelNames: ['softmax_label'],
  fixedParameterNames: [],
  seed: 0,
  checkInputs: 'fed',
  workLoads: [1],
  logger: defaultLogger,
};

/** Shapes for `module.bind` (MXNet `Module.bind`). */
export interface BindOptions {
  /** One a data name, in the order in which batches bring them. */
  readonly dataShapes: readonly NamedShape[];
  /** One a label name, where labels are fed; none unless told. */
  readonly labelShapes?: readonly NamedShape[];
  /** True unless told; false: no gradients, `forward` runs in inference mode unless told (MXNet `for_training`). */
  readonly forTraining?: boolean;
  /** Whether `getInputGradients` will be asked for; false unless told (MXNet `inputs_need_grad`). */
  readonly inputsNeedGradient?: boolean;
  /** 'write' unless told; 'add' sums gradients over several backward passes: set them to 0 yourself (MXNet `grad_req`). */
  readonly gradReq?: 'write' | 'add';
  /** Whether a bound module is bound again, false unless told; parameters stay (MXNet `force_rebind`). */
  readonly forceRebind?: boolean;
}

/** First values for `module.initParams` (MXNet `Module.init_params`). */
export interface InitParamsOptions {
  /** `Uniform({ scale: 0.01 })` unless told. */
  readonly initializer?: Initializer;
  /** Parameters by name, of the network's shapes; without them all are initialized (MXNet `arg_params`). */
  readonly argParams?: NamedParameters;
  /** Auxiliary states by name; without them all are initialized (MXNet `aux_params`). */
  readonly auxParams?: NamedParameters;
  /** Whether what `argParams` and `auxParams` lack is initialized, false unless told; else it is a RangeError (MXNet `allow_missing`). */
  readonly allowMissing?: boolean;
  /** Whether values there are already are replaced; false unless told (MXNet `force_init`). */
  readonly forceInit?: boolean;
}

/** The optimizer for `module.initOptimizer` (MXNet `Module.init_optimizer`). */
export interface InitOptimizerOptions {
  /** A name, 'sgd' unless told, `sam` and `lbfgs` included, or an optimizer, whose own `rescaleGradient` then stays. */
  readonly optimizer?: string | Optimizer;
  /** Of a named optimizer: `rescaleGradient` is 1 / batch size unless told, `learningRate` 0.01 where there are no options (MXNet `optimizer_params`). */
  readonly optimizerOptions?: Readonly<Record<string, unknown>>;
  /** The number whose gradients `backward` gives, for algorithms that search by it (`lbfgs`). */
  readonly loss?: LossOfOutputs;
  /** Whether an optimizer there is already is replaced, its momentum and counts forgotten; false unless told (MXNet `force_init`). */
  readonly forceInit?: boolean;
}

/** Records a loss of shape [] from the outputs by output name and the labels by label name. */
export type LossOfOutputs = (outputs: Readonly<Record<string, NDArray>>, labels: Readonly<Record<string, NDArray>>) => NDArray;

/** Options of `getParams`. */
export interface ParametersOptions {
  /** Whether to give the weights to evaluate and to save for use: averages, where the optimizer keeps them. False unless told. */
  readonly forEvaluation?: boolean;
}

/** What a step may be told. */
export interface ForwardOptions {
  /** Training mode; what `forTraining` of `bind` says unless told. */
  readonly isTrain?: boolean;
  /**
   * How many leading samples are real, all unless told; the others only fill the batch: operators that count samples, such as class centers, leave
   * them out.
   */
  readonly validRows?: number;
  /**
   * Whether training steps that nobody has read yet are computed together with this one, in one run; false unless told: they are computed before. The numbers are
   * the same, bit for bit; what passes between two runs is saved. Read after every few steps.
   */
  readonly continues?: boolean;
}

/** Parameters and auxiliary states by name. */
export interface ModuleParameters {
  /** Parameters by name. */
  readonly argParams: Readonly<Record<string, NDArray>>;
  /** Auxiliary states by name. */
  readonly auxParams: Readonly<Record<string, NDArray>>;
}
