import type { Operator } from '../operators/operator.js';
import { findOperator } from '../operators/registry.js';
import type { Attributes, NodeOutput } from './node.js';
import { createNode, type NodeInputs } from './create-node.js';
import { Symbol } from './symbol.js';

/** Inputs of an operator, in order or by argument name; a missing one becomes a variable. */
export type SymbolInputs = readonly (Symbol | undefined)[] | { readonly [argument: string]: Symbol | undefined };

/** What a symbol of one operator is made from. */
export interface SymbolFields {
  /** In the operator's order, or by MXNet's argument names (`data`, `weight`); missing ones become variables. */
  readonly inputs?: SymbolInputs;
  /** By MXNet's names (`num_hidden`): values, or texts as they stand in symbol JSON. */
  readonly parameters?: { readonly [name: string]: unknown };
  /** Custom attributes (`__lr_mult__`), inherited by the variables that are created. */
  readonly attributes?: Attributes | undefined;
  /** The node's name; automatic (`fullyconnected0`) unless given. */
  readonly name?: string | undefined;
  /** The base of an automatic name; the name the operator was asked for by, in small letters, unless given. */
  readonly hint?: string;
}

/**
 * A symbol of the named operator: `createSymbol('FullyConnected', { inputs: { data }, parameters: { num_hidden: 10 }, name: 'fc1' })`.
 * Creator functions such as `fullyConnected` are this with types.
 * @param operator a name or alias, which also is the hint for an automatic name, or the entry itself
 * @throws RangeError for an unknown operator, parameter or input, and for a missing or unreadable parameter
 */
export function createSymbol(operator: string | Operator, { inputs = [], hint: base, ...fields }: SymbolFields = {}): Symbol {
  const entry = typeof operator === 'string' ? findOperator(operator) : operator;
  const hint = (base ?? (typeof operator === 'string' ? operator : operator.name)).toLowerCase();
  const node = createNode(entry, hint, { ...fields, inputs: singleOutputs(inputs, `${fields.name ?? hint} (${entry.name})`) });
  return Symbol.of(node);
}

function singleOutputs(inputs: SymbolInputs, label: string): NodeInputs {
  const single = (input: Symbol | undefined, argument: string | number): NodeOutput | undefined => {
    if (input === undefined) return undefined;
    if (!(input instanceof Symbol)) throw new TypeError(`${label}: the input ${argument} is no Symbol; pass variable('…') or another symbol`);
    const [output, another] = input.outputs;
    if (!output || another) {
      throw new RangeError(`${label}: the input ${argument} has ${input.length} outputs (${input.listOutputs().join(', ')}); choose one with get(…)`);
    }
    return output;
  };
  if (isList(inputs)) return inputs.map(single);
  return Object.fromEntries(Object.entries(inputs).map(([argument, input]) => [argument, single(input, argument)]));
}

function isList(inputs: SymbolInputs): inputs is readonly (Symbol | undefined)[] {
  return Array.isArray(inputs);
}
