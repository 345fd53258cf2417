import { createSymbol } from '../symbol/create-symbol.js';
import { Symbol } from '../symbol/symbol.js';

/** Inputs and keyword arguments of a custom operator (MXNet `sym.Custom`); `opType` is the name it was registered under. */
export interface CustomOptions {
  /** Name the operator was registered under (MXNet `op_type`). */
  readonly opType: string;
  /** The node's name; automatic (`custom0`) unless given. */
  readonly name?: string;
  /** Inputs in order; by name they stand among the other options. */
  readonly inputs?: readonly Symbol[];
  /** Symbols are inputs by argument name; anything else goes to the prop as text. */
  readonly [argument: string]: unknown;
}

/**
 * A symbol of a registered custom operator (MXNet `Custom`): `custom({ opType: 'centerloss', data, label, num_class: 10 })`.
 *
 * @throws RangeError for an operator nobody registered and inputs it does not have.
 */
export function custom({ opType, name, inputs, ...rest }: CustomOptions): Symbol {
  const named: { [argument: string]: Symbol } = {};
  const texts: { [argument: string]: string } = { op_type: opType };
  for (const [argument, value] of Object.entries(rest)) {
    if (value instanceof Symbol) named[argument] = value;
    else if (value !== undefined) texts[argument] = pythonText(value);
  }
  return createSymbol('Custom', { inputs: inputs ?? named, parameters: texts, ...(name === undefined ? {} : { name }) });
}

/** A value as Python's `str` writes it, which is what old operators expect: `True`, `(1, 2)`. */
function pythonText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return value.length === 1 ? `(${pythonText(value[0])},)` : `(${value.map(pythonText).join(', ')})`;
  return String(value);
}
