import { createSymbol } from '../symbol/create-symbol.js';
import type { Attributes } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { suggestion } from '../operators/near-miss.js';
import type { Operator } from '../operators/operator.js';
import type { ParameterTable, ParameterValues } from '../operators/parameter.js';

/** `num_hidden` → `numHidden`, as options are called here; the type of `camelCase`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;

/** What every creator accepts beside inputs and parameters. */
export interface CommonOptions {
  /** The node's name; automatic (`fullyconnected0`) unless given. */
  readonly name?: string | undefined;
  /**
   * Custom attributes such as `__lr_mult__`, inherited by the variables that are created. Keys have the form `__key__`, or are MXNet's bare ones (`lr_mult`,
   * `wd_mult`, `ctx_group` …); others are a RangeError.
   */
  readonly attributes?: Attributes;
}

type RequiredNames<Table extends ParameterTable> = {
  [Name in keyof Table]: Table[Name] extends { readonly required: true } ? Name : never;
}[keyof Table];

/** An operator's parameters under their camelCase names; those without a default have to be given. */
export type ParameterOptions<Table extends ParameterTable> = {
  readonly [Name in RequiredNames<Table> & string as CamelCase<Name>]: ParameterValues<Table>[Name];
} & {
  readonly [Name in Exclude<keyof Table, RequiredNames<Table>> & string as CamelCase<Name>]?: ParameterValues<Table>[Name] | undefined;
};

/** Options of a creator: inputs (variables `<name>_<argument>` are made of missing ones), parameters, name, attributes. */
export type CreatorOptions<Table extends ParameterTable, Argument extends string> = {
  readonly [Name in Argument as CamelCase<Name>]?: Symbol | undefined;
} & ParameterOptions<Table> & CommonOptions;

/** Options of a creator that takes any number of inputs, at least one; those are counted. */
export type ListCreatorOptions<Table extends ParameterTable, Counter extends string> = {
  /** The inputs in order. */
  readonly inputs: readonly Symbol[];
} & ParameterOptions<Omit<Table, Counter>> & CommonOptions;

/**
 * A typed function that makes symbols of an operator: `creator(fullyConnectedOperator, ['data', 'weight', 'bias'])`. That function throws a RangeError naming
 * node and operator for an unknown option, a missing or unreadable parameter, and an input of several outputs; shapes are checked when they are inferred.
 *
 * @param argumentNames MXNet's names of the inputs, for the types
 * @param hint the base of automatic names; the operator's name unless given
 */
export function creator<Table extends ParameterTable, const Argument extends string>(
  operator: Operator<Table>,
  argumentNames: readonly Argument[],
  hint: string = operator.name,
): (options: CreatorOptions<Table, Argument>) => Symbol {
  const inputs = new Map<string, string>(argumentNames.map((name) => [camelCase(name), name]));
  const parameters = parameterNames(operator);
  return ({ name, attributes, ...options }) => {
    const sorted = sortOptions(options, [inputs, parameters], `${name ?? hint.toLowerCase()} (${operator.name})`);
    return createSymbol(operator as Operator, { name, attributes, inputs: sorted[0] as { [argument: string]: Symbol }, parameters: sorted[1]!, hint });
  };
}

/**
 * `creator` for an operator that takes any number of inputs, given as a list: `concat({ inputs: [a, b], dim: 1 })`. That function throws a RangeError for an
 * empty list too.
 *
 * @param counter the parameter that counts them, `num_args`
 * @param hint the base of automatic names; the operator's name unless given
 */
export function listCreator<Table extends ParameterTable, const Counter extends keyof Table & string>(
  operator: Operator<Table>,
  counter: Counter,
  hint: string = operator.name,
): (options: ListCreatorOptions<Table, Counter>) => Symbol {
  const parameters = parameterNames(operator);
  return ({ name, attributes, inputs, ...options }) => {
    const label = `${name ?? hint.toLowerCase()} (${operator.name})`;
    if (inputs.length === 0) throw new RangeError(`${label}: inputs is empty; give at least one symbol`);
    const [values] = sortOptions(options, [parameters], label);
    return createSymbol(operator as Operator, { name, attributes, inputs, parameters: { ...values, [counter]: inputs.length }, hint });
  };
}

/** MXNet's name as the code spells it: `num_hidden` becomes `numHidden`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

function parameterNames<Table extends ParameterTable>(operator: Operator<Table>): Map<string, string> {
  return new Map(Object.keys(operator.parameters).map((name) => [camelCase(name), name]));
}

/** Options by MXNet's names, one record a kind of option. */
function sortOptions(options: object, kinds: readonly ReadonlyMap<string, string>[], label: string): { [name: string]: unknown }[] {
  const sorted = kinds.map((): { [name: string]: unknown } => ({}));
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const kind = kinds.findIndex((names) => names.has(option));
    if (kind < 0) {
      const names = kinds.flatMap((known) => [...known.keys()]);
      throw new RangeError(`${label}: there is no option ${option}${suggestion(option, names)}The options are ${[...names, 'name', 'attributes'].join(', ')}`);
    }
    sorted[kind]![kinds[kind]!.get(option)!] = value;
  }
  return sorted;
}
