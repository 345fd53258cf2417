import type { GradientTransform } from './gradient-transform.js';
import type { ParameterAttributes, ParameterNames } from './multipliers.js';
import type { ParameterRule } from './parameter-rules.js';
import type { Scheduler } from './schedulers/scheduler.js';

/** What every optimizer may be given; MXNet's argument stands in parentheses where it has another name. */
export interface CommonOptions {
  /** η, at least 0 (`learning_rate`): 0.01 unless the optimizer has a default of its own. Written to the scheduler's base rate where both are given. */
  learningRate: number | undefined;
  /** The schedule that gives η for each update number (`lr_scheduler`); none: a constant rate. */
  scheduler: Scheduler | undefined;
  /** λ of the L2 penalty, at least 0, default 0 (`wd`); where it enters is the optimizer's convention. */
  weightDecay: number;
  /** What gradients are multiplied by first, default 1 (`rescale_grad`): 1 / batch size where a loss adds up over the batch. */
  rescaleGradient: number;
  /**
   * Limit of every element of the rescaled gradient; null (the default) is off. 0 is off, too, except for `adagrad`, `groupadagrad`, `adadelta`,
   * `adamax`, `nadam`, `dcasgd` and `sgld`, where it clips all to 0 (`clip_gradient`).
   */
  clipGradient: number | null;
  /** Names of the parameters by index, default none (`param_idx2name`). With names, only `_weight` and `_gamma` decay. */
  indexToName: ParameterNames;
  /** A symbol's attributes by argument name; `__lr_mult__` and `__wd_mult__` are read (`sym`). */
  attributes: ParameterAttributes;
  /** What holds by regular expression over the parameters' names; rules go over attributes and under multipliers that are set later. */
  rules: readonly ParameterRule[];
  /**
   * Limit of the norm over all rescaled gradients of one step, above 0; null (the default) is off. Needs an updater that is handed lists (Pascanu et
   * al. 2013).
   */
  clipGlobalNorm: number | null;
  /** Limit of a unit's gradient as a share of the norm of its weight, above 0; null (the default) is off (Brock et al. 2021). */
  clipAdaptive: number | null;
  /** Gradients that are averaged before each step, at least 1 and 1 by default; schedules count steps. */
  accumulate: number;
  /** Decay of a moving average of the weights, in [0, 1), which `evaluationWeight` gives; null (the default) keeps none (Polyak & Juditsky 1992). */
  averageWeights: number | null;
  /** Whether a step with NaN or an infinity in any gradient changes nothing (default false); the state `skipped` counts those steps. */
  skipNotFinite: boolean;
  /** What the update counts start from, default 0 (`begin_num_update`). */
  beginUpdate: number;
  /** Seeds the generator of the optimizers that add noise, default 0. */
  seed: number;
}

export const commonDefaults: CommonOptions = {
  learningRate: undefined,
  scheduler: undefined,
  weightDecay: 0,
  rescaleGradient: 1,
  clipGradient: null,
  indexToName: {},
  attributes: {},
  rules: [],
  clipGlobalNorm: null,
  clipAdaptive: null,
  accumulate: 1,
  averageWeights: null,
  skipNotFinite: false,
  beginUpdate: 0,
  seed: 0,
};

/** One optimizer: its own options with their defaults, and the chain they make. */
export interface OptimizerRule<Own extends object = object> {
  /** One literal; a `learningRate` in it stands for one the user gave, and so goes over a scheduler's base rate, as in MXNet. */
  readonly defaults: Own & Partial<CommonOptions>;
  /** The chain that these options make: from a gradient to the step that is added to the weight. */
  transform(options: CommonOptions & Own): GradientTransform;
  /** Names with these endings decay where parameters have names; `_weight` and `_gamma` if left out. */
  readonly decayedSuffixes?: readonly string[];
  /** The learning rate is taken before the update is counted, so that the schedule's first query is for update 0 (MXNet's `lbsgd`); false if left out. */
  readonly rateBeforeCount?: boolean;
}

export function defineRule<Own extends object>(rule: OptimizerRule<Own>): OptimizerRule<Own> {
  return rule;
}
