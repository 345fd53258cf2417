import { type ParameterRule, ruleOf } from './parameter-rules.js';

/** Names of parameters by index (MXNet `param_idx2name`). */
export type ParameterNames = Readonly<Record<string | number, string>>;
/**
 * Attributes by parameter name, as a symbol lists them; `__lr_mult__` and `__wd_mult__` must be numbers as text, or the optimizer's constructor
 * throws a TypeError.
 */
export type ParameterAttributes = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** Factors, of 1 where nothing is said, by parameter name or by index (MXNet `set_lr_mult`, `set_wd_mult`). */
export type MultiplierTable = Readonly<Record<string | number, number>>;

/** The factors of one quantity (learning rate or weight decay) for each parameter. An entry by index goes before one by name. */
export class Multipliers {
  private factors: ReadonlyMap<string, number> = new Map();
  /** Asked for in every step. */
  private readonly known = new Map<number | string, number>();

  constructor(
    private readonly names: ParameterNames,
    private readonly base: ReadonlyMap<string, number>,
    private readonly byRule: (parameter: string) => number | undefined = () => undefined,
  ) {
  }

  /** Forgets what was set before, returns to the rules and attributes, and lays the table over them. */
  set(table: MultiplierTable): void {
    this.factors = new Map(Object.entries(table));
    this.known.clear();
  }

  of(index: number | string): number {
    let factor = this.known.get(index);
    if (factor === undefined) this.known.set(index, (factor = this.find(String(index), this.names[index])));
    return factor;
  }

  private find(key: string, name = key): number {
    return this.factors.get(key) ?? this.factors.get(name) ?? this.byRule(name) ?? this.base.get(key) ?? this.base.get(name) ?? 1;
  }
}

/** Learning rates: 1, or a parameter's `__lr_mult__`. */
export function learningRateMultipliers(names: ParameterNames, attributes: ParameterAttributes, rules: readonly ParameterRule[]): Multipliers {
  return new Multipliers(names, attributeFactors(attributes, '__lr_mult__'), (parameter) => ruleOf(rules, parameter)?.learningRateMultiplier);
}

/** Weight decay: named parameters with another ending do not decay, unless their `__wd_mult__` says so. Without names all decay. */
export function weightDecayMultipliers(
  names: ParameterNames,
  attributes: ParameterAttributes,
  decayedSuffixes: readonly string[],
  rules: readonly ParameterRule[],
): Multipliers {
  const exempt = Object.values(names).filter((name) => !decayedSuffixes.some((suffix) => name.endsWith(suffix)));
  const base = new Map([...exempt.map((name) => [name, 0] as const), ...attributeFactors(attributes, '__wd_mult__')]);
  return new Multipliers(names, base, (parameter) => ruleOf(rules, parameter)?.weightDecayMultiplier);
}

function attributeFactors(attributes: ParameterAttributes, key: string): Map<string, number> {
  const factors = new Map<string, number>();
  for (const [name, ofParameter] of Object.entries(attributes)) {
    const text = ofParameter[key];
    if (text === undefined) continue;
    const factor = Number(text);
    if (text.trim() === '' || Number.isNaN(factor)) throw new TypeError(`${name}: attribute ${key} is "${text}"; it must be a number`);
    factors.set(name, factor);
  }
  return factors;
}
