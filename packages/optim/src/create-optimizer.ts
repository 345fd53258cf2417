import { Optimizer } from './optimizer.js';
import { type CommonOptions, commonDefaults, type OptimizerRule } from './optimizer-rule.js';
import { type OptimizerName, optimizerRules } from './optimizer-table.js';

type OwnOptions<N extends OptimizerName> = (typeof optimizerRules)[N] extends OptimizerRule<infer Own> ? Own : never;

/** Common options and those of the named optimizer. */
export type OptionsOf<N extends OptimizerName> = Partial<CommonOptions & OwnOptions<N>>;

/**
 * Makes an optimizer by name, in any mixture of cases.
 *
 * @throws RangeError for an unknown name or option; the message lists those there are.
 */
export function createOptimizer<N extends OptimizerName>(name: N, options?: OptionsOf<N>): Optimizer;
export function createOptimizer(name: string, options?: Readonly<Record<string, unknown>>): Optimizer;
export function createOptimizer(name: string, options: object = {}): Optimizer {
  const key = name.toLowerCase();
  if (!Object.hasOwn(optimizerRules, key)) {
    throw new RangeError(`createOptimizer: there is no optimizer "${name}"; choose one of ${Object.keys(optimizerRules).join(', ')}`);
  }
  const rule = optimizerRules[key as OptimizerName] as OptimizerRule;
  const defaults = { ...commonDefaults, ...rule.defaults };
  const unknown = Object.keys(options).filter((option) => !Object.hasOwn(defaults, option));
  if (unknown.length > 0) {
    throw new RangeError(`createOptimizer: ${key} has no option ${unknown.join(', ')}; it has ${Object.keys(defaults).join(', ')}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const complete: CommonOptions = { ...defaults, ...given };
  return new Optimizer(rule.transform(complete), { ...complete, name: key, ...pick(rule) });
}

function pick({ decayedSuffixes, rateBeforeCount }: OptimizerRule): Pick<OptimizerRule, 'decayedSuffixes' | 'rateBeforeCount'> {
  return { ...(decayedSuffixes && { decayedSuffixes }), ...(rateBeforeCount && { rateBeforeCount }) };
}
