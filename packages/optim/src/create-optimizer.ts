import { chain, type GradientTransform } from './gradient-transform.js';
import { Optimizer } from './optimizer.js';
import { type CommonOptions, commonDefaults, type OptimizerRule } from './optimizer-rule.js';
import { type OptimizerName, optimizerRules } from './optimizer-table.js';
import { chooseByRule, freezeByRule } from './parameter-rules.js';
import { averageWeights } from './transforms/average-weights.js';
import { clipAdaptively, clipByGlobalNorm } from './transforms/clip-by-norm.js';
import { skipNotFinite } from './transforms/skip-not-finite.js';

type OwnOptions<N extends OptimizerName> = (typeof optimizerRules)[N] extends OptimizerRule<infer Own> ? Own : never;

/** Common options and those of the named optimizer; all may be left out, and what is left out takes the rule's default. */
export type OptionsOf<N extends OptimizerName> = Partial<CommonOptions & OwnOptions<N>>;

/**
 * Makes an optimizer by name, in any mixture of cases, with MXNet's options in camelCase (MXNet `optimizer.create`).
 *
 * @throws RangeError for an unknown name or option, a negative learning rate or weight decay, or a limit, decay or count out of its range; for the
 * first two the message lists those there are.
 */
export function createOptimizer<N extends OptimizerName>(name: N, options?: OptionsOf<N>): Optimizer;
/**
 * The same for a name that is known at run time only: options are checked against the rule when it is made.
 *
 * @throws RangeError for an unknown name, option, or a value out of its range.
 */
export function createOptimizer(name: string, options?: Readonly<Record<string, unknown>>): Optimizer;
export function createOptimizer(name: string, options: object = {}): Optimizer {
  const { key, rule, complete } = lookUp('createOptimizer', name, options);
  return new Optimizer(wrapped(rule.transform(complete), complete), { ...complete, name: key, ...pick(rule) });
}

/**
 * The chain of an optimizer alone: for a `ParameterRule`, or as a part of a chain of your own. Options that are no part of the chain are not read.
 *
 * @throws RangeError for an unknown name or option; the message lists those there are.
 */
export function createTransform<N extends OptimizerName>(name: N, options: OptionsOf<N> = {}): GradientTransform {
  const { rule, complete } = lookUp('createTransform', name, options);
  return rule.transform(complete);
}

function lookUp(caller: string, name: string, options: object): { key: OptimizerName; rule: OptimizerRule; complete: CommonOptions } {
  const key = name.toLowerCase() as OptimizerName;
  if (!Object.hasOwn(optimizerRules, key)) {
    throw new RangeError(`${caller}: there is no optimizer "${name}"; choose one of ${Object.keys(optimizerRules).join(', ')}`);
  }
  const rule = optimizerRules[key] as OptimizerRule;
  const defaults = { ...commonDefaults, ...rule.defaults };
  const unknown = Object.keys(options).filter((option) => !Object.hasOwn(defaults, option));
  if (unknown.length > 0) {
    throw new RangeError(`${caller}: ${key} has no option ${unknown.join(', ')}; it has ${Object.keys(defaults).join(', ')}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { key, rule, complete: { ...defaults, ...given } };
}

/** The transforms that any optimizer may be wrapped in, from the inside out; accumulation is the optimizer's own, because it counts. */
function wrapped(transform: GradientTransform, { rescaleGradient, clipGlobalNorm, clipAdaptive, averageWeights: decay, ...options }: CommonOptions): GradientTransform {
  // The chain rescales first, so limits of rescaled gradients are divided by what it will multiply by.
  const scale = Math.abs(rescaleGradient) || 1;
  let whole = chooseByRule(options.rules, transform);
  const clips = [
    ...(clipGlobalNorm === null ? [] : [clipByGlobalNorm(clipGlobalNorm / scale)]),
    ...(clipAdaptive === null ? [] : [clipAdaptively(clipAdaptive / scale)]),
  ];
  if (clips.length > 0) whole = chain(...clips, whole);
  if (decay !== null) whole = averageWeights(decay, whole);
  if (options.skipNotFinite) whole = skipNotFinite(whole);
  return freezeByRule(options.rules, whole);
}

function pick({ decayedSuffixes, rateBeforeCount }: OptimizerRule): Pick<OptimizerRule, 'decayedSuffixes' | 'rateBeforeCount'> {
  return { ...(decayedSuffixes && { decayedSuffixes }), ...(rateBeforeCount && { rateBeforeCount }) };
}
