import type { GradientTransform } from './gradient-transform.js';
import type { ParameterAttributes, ParameterNames } from './multipliers.js';
import type { ParameterRule } from './parameter-rules.js';
import type { Scheduler } from './schedulers/scheduler.js';

/** What every optimizer may be given. */
export interface CommonOptions {
  /** 0.01 where neither this nor a scheduler is given. Written to the scheduler's base rate where both are. */
  learningRate: number | undefined;
  scheduler: Scheduler | undefined;
  /** λ of the L2 penalty; where it enters is the optimizer's convention. */
  weightDecay: number;
  /** What gradients are multiplied by first: 1 / batch size where a loss adds up over the batch. */
  rescaleGradient: number;
  /** Limit of every element of the rescaled gradient; null is off. */
  clipGradient: number | null;
  /** Names of the parameters by index. With names, only `_weight` and `_gamma` decay. */
  indexToName: ParameterNames;
  /** A symbol's attributes by argument name; `__lr_mult__` and `__wd_mult__` are read. */
  attributes: ParameterAttributes;
  /** By regular expression over the parameters' names; they go over attributes and under multipliers that are set later. */
  rules: readonly ParameterRule[];
  /** Limit of the norm over all rescaled gradients of one step; null is off. Needs an updater that is handed lists. */
  clipGlobalNorm: number | null;
  /** Limit of a unit's gradient as a share of the norm of its weight; null is off. */
  clipAdaptive: number | null;
  /** Gradients that are averaged before each step; schedules count steps. */
  accumulate: number;
  /** Decay of a moving average of the weights, which `evaluationWeight` gives; null keeps none. */
  averageWeights: number | null;
  /** Whether a step with a gradient that is not finite changes nothing. */
  skipNotFinite: boolean;
  /** What the update counts start from. */
  beginUpdate: number;
  /** Seeds the generator of the optimizers that add noise. */
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
  /** One literal; a `learningRate` in it stands for one the user gave. */
  readonly defaults: Own & Partial<CommonOptions>;
  transform(options: CommonOptions & Own): GradientTransform;
  /** Names with these endings decay where parameters have names; `_weight` and `_gamma` if left out. */
  readonly decayedSuffixes?: readonly string[];
  /** The learning rate is taken before the update is counted, so that the schedule's first query is for update 0. */
  readonly rateBeforeCount?: boolean;
}

export function defineRule<Own extends object>(rule: OptimizerRule<Own>): OptimizerRule<Own> {
  return rule;
}
