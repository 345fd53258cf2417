import type { Shape } from '@lossworks/ndarray';
import { formatFloat, formatTuple } from '../operators/parameters/index.js';
import { scopedAttributes } from './attribute-scope.js';
import { Node, type Attributes } from './node.js';
import { Symbol } from './symbol.js';

/** MXNet's numbers of the element types, as `__dtype__` holds them. */
export const dtypeNumbers: { readonly [name: string]: string } = {
  float32: '0',
  float64: '1',
  float16: '2',
  uint8: '3',
  int32: '4',
  int8: '5',
  int64: '6',
};

/** MXNet's numbers of storage types; arrays here are dense whatever is declared. */
const storageNumbers = { default: '0', row_sparse: '1', csr: '2' };

/** What a variable may say of itself; kept as attributes (`__shape__`, `__lr_mult__`, `__init__` …), as in MXNet. */
export interface VariableOptions {
  /** Its shape, or a part of it: dimensions of 0 are unknown and come from shape inference. `__shape__`. */
  readonly shape?: Shape;
  /** Factor on the learning rate of this parameter; 1 where none is given. `__lr_mult__`. */
  readonly lrMult?: number;
  /** Factor on the weight decay of this parameter; 1 where none is given, 0 of biases and the like by MXNet's rules. `__wd_mult__`. */
  readonly wdMult?: number;
  /**
   * Element type, float32 unless given: `float32`, `uint8`, `int32`; `float64`, `float16`, `int8` and `int64` are kept for MXNet and computed as float32.
   * `__dtype__`.
   */
  readonly dtype?: string;
  /** The initializer: MXNet's text `["zero", {}]`, the pair itself, or an object whose `dumps` writes it. `__init__`. */
  readonly init?: string | readonly [name: string, options: { readonly [key: string]: unknown }] | { dumps(): string };
  /** Storage type, kept for MXNet (`__storage_type__`): arrays here are dense whatever is declared. */
  readonly stype?: keyof typeof storageNumbers;
  /** Custom attributes: texts under keys such as `__foo__`. */
  readonly attributes?: Attributes;
}

/**
 * A named input of a graph: data, a label, a weight (MXNet `Variable`). Use one variable object wherever the same input is meant: two variables of one name
 * are two arguments.
 *
 * @throws TypeError for a name that is no text; RangeError for an unknown element type, and for attribute keys as `withAttributes`.
 */
export function variable(name: string, options: VariableOptions = {}): Symbol {
  if (typeof name !== 'string') throw new TypeError(`variable: a name must be a string, not ${typeof name}`);
  const { shape, lrMult, wdMult, dtype, init, stype, attributes = {} } = options;
  const what = `${name} (variable)`;
  const own: { [key: string]: string } = { ...scopedAttributes(attributes, what) };
  if (shape !== undefined) own.__shape__ = formatTuple(shape);
  if (lrMult !== undefined) own.__lr_mult__ = formatFloat(lrMult);
  if (wdMult !== undefined) own.__wd_mult__ = formatFloat(wdMult);
  if (dtype !== undefined) own.__dtype__ = dtypeNumber(dtype, what);
  if (init !== undefined) own.__init__ = initText(init);
  if (stype !== undefined) own.__storage_type__ = storageNumbers[stype];
  return Symbol.of(new Node({ operator: null, name, attributes: own }));
}

function dtypeNumber(dtype: string, what: string): string {
  const number = Object.hasOwn(dtypeNumbers, dtype) ? dtypeNumbers[dtype] : undefined;
  if (number === undefined) throw new RangeError(`${what}: there is no element type ${dtype}; give ${Object.keys(dtypeNumbers).join(', ')}`);
  return number;
}

function initText(init: NonNullable<VariableOptions['init']>): string {
  if (typeof init === 'string') return init;
  return 'dumps' in init ? init.dumps() : pythonJson(init);
}

/** JSON with the blanks that Python's `json.dumps` puts after commas and colons: attribute texts are compared as texts. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`);
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
}
