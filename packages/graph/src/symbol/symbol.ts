import type { DType } from '@lossworks/ndarray';
import { inferShape, inferShapePartial, type GivenShapes, type InferredShapes } from '../inference/infer-shape.js';
import { inferType, type InferredTypes } from '../inference/infer-type.js';
import { writeJson } from '../json/write-json.js';
import { readJson } from '../json/read-json.js';
import { findOperator } from '../operators/registry.js';
import { listedAttributes } from './attribute-scope.js';
import { replaceArguments } from './compose.js';
import { createNode } from './create-node.js';
import { auxiliaryNodes, traverse, type Attributes, type Node, type NodeOutput } from './node.js';

/** An ordered list of outputs of a graph of nodes. Immutable; symbols share the nodes they have in common. */
export class Symbol {
  /** The outputs in order, each of a node. */
  readonly outputs: readonly NodeOutput[];
  /** The nodes, once somebody asked for them. */
  #nodes: readonly Node[] | undefined;

  /**
   * @param outputs in the order they are to have; `variable`, `createSymbol` and creators make symbols of one node.
   */
  constructor(outputs: readonly NodeOutput[]) {
    this.outputs = outputs;
  }

  /** Every output of one node. */
  static of(node: Node): Symbol {
    return new Symbol(Array.from({ length: node.outputCount }, (_, index) => ({ node, index })));
  }

  /**
   * The outputs of all members in order (MXNet `Group`). Groups within groups flatten.
   *
   * @throws RangeError without members.
   */
  static group(members: readonly Symbol[]): Symbol {
    if (members.length === 0) throw new RangeError('group: there must be at least one symbol');
    return new Symbol(members.flatMap((member) => member.outputs));
  }

  /**
   * Reads MXNet's symbol JSON: the text or the parsed object, of this or an older version.
   * @throws RangeError that says where the graph is malformed or which operator is unknown
   */
  static loadJSON(json: string | object): Symbol {
    return new Symbol(readJson(json));
  }

  /** The head node's name; null for outputs of several nodes. */
  get name(): string | null {
    return this.#head()?.name ?? null;
  }

  /** How many outputs there are. */
  get length(): number {
    return this.outputs.length;
  }

  // structure

  /** Every node the outputs depend on: depth first, inputs before the node, each once. */
  nodes(): Node[] {
    return [...(this.#nodes ??= traverse(this.outputs))];
  }

  /** Names of the variables that are no auxiliary states, in traversal order (MXNet `list_arguments`). */
  listArguments(): string[] {
    return this.#variables((isAuxiliary) => !isAuxiliary);
  }

  /** Names of the variables that operators keep as auxiliary states, in traversal order (MXNet `list_auxiliary_states`). */
  listAuxiliaryStates(): string[] {
    return this.#variables((isAuxiliary) => isAuxiliary);
  }

  /** Names of all variables, in traversal order (MXNet `list_inputs`). */
  listInputs(): string[] {
    return this.#variables(() => true);
  }

  /** `fc1_output`; `slice0_output1` where an operator has several; a variable's own name (MXNet `list_outputs`). */
  listOutputs(): string[] {
    return this.outputs.map(({ node, index }) => node.outputName(index));
  }

  /** The outputs of every node in traversal order, variables too (MXNet `get_internals`): `symbol.getInternals().get('fc1_output')` cuts a net off there. */
  getInternals(): Symbol {
    return new Symbol(this.nodes().flatMap((node) => Symbol.of(node).outputs));
  }

  /** The direct inputs of the head nodes; null for a lone variable (MXNet `get_children`). */
  getChildren(): Symbol | null {
    const heads = new Set(this.outputs.map((output) => output.node));
    const children = [...heads].flatMap((node) => node.inputs);
    return children.length === 0 ? null : new Symbol(children);
  }

  /**
   * One output, by its position or by its exact name in `listOutputs`.
   * @throws RangeError where there is none or several of that name
   */
  get(indexOrName: number | string): Symbol {
    return new Symbol([this.outputs[typeof indexOrName === 'number' ? this.#position(indexOrName) : this.#named(indexOrName)]!]);
  }

  /** Each output as a symbol of its own, in order. */
  *[globalThis.Symbol.iterator](): IterableIterator<Symbol> {
    for (const output of this.outputs) yield new Symbol([output]);
  }

  // attributes

  /** One attribute of the head node, `lr_mult` and `__lr_mult__` alike; undefined where it has none of that name. */
  attr(key: string): string | undefined {
    const attributes = this.listAttr();
    return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  }

  /** The head node's attributes; none for outputs of several nodes. */
  listAttr(): Attributes {
    return listedAttributes(this.#head()?.attributes ?? {});
  }

  /** Attributes of every node that has some, by its name. */
  attrDict(): { readonly [node: string]: Attributes } {
    const entries = this.nodes().map((node) => [node.name, listedAttributes(node.attributes)] as const);
    return Object.fromEntries(entries.filter(([, attributes]) => Object.keys(attributes).length > 0));
  }

  // other symbols

  /**
   * A copy with argument variables replaced: `net.compose({ data: features }, { name: 'head' })`; `name` renames the head node. This symbol stays as it is.
   *
   * @throws RangeError for a name that is no argument, and a replacement of several outputs.
   */
  compose(replacements: { readonly [argument: string]: Symbol }, options: { readonly name?: string } = {}): Symbol {
    const outputs = Object.entries(replacements).map(([argument, symbol]) => {
      if (symbol.length !== 1) throw new RangeError(`compose: ${argument} is replaced by ${symbol.length} outputs; choose one with get(…)`);
      return [argument, symbol.outputs[0]!] as const;
    });
    return new Symbol(replaceArguments(this.outputs, new Map(outputs), options.name));
  }

  /**
   * The gradient of the sum of the outputs with respect to some arguments, as a symbol with an output `<argument>_grad` each. Loss layers start from their loss, as in
   * `backward`. It is a symbol like any other: it can be composed, saved, and differentiated again. Auxiliary states stay as they are.
   *
   * @throws RangeError for a name that is no argument, for arguments that share a name, and for custom operators.
   */
  grad(wrt: readonly string[], options: { readonly name?: string } = {}): Symbol {
    const names = this.listInputs();
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new RangeError(`grad: two arguments are named ${twice}; make one variable and use it twice`);
    const inputs = Object.fromEntries(this.nodes().filter((node) => node.isVariable).map((node) => [node.name, { node, index: 0 }]));
    const parameters = { symbol: this.toJSONText(), wrt: JSON.stringify(wrt) };
    return Symbol.of(createNode(findOperator('_gradient'), 'grad', { ...options, inputs, parameters }));
  }

  // inference

  /**
   * Shapes of everything, from the shapes of some arguments: by name, or in the order of `listArguments` (MXNet `infer_shape`). Undefined, with a warning
   * that names what is undetermined, where they do not suffice.
   *
   * @throws RangeError for an unknown name and where shapes contradict each other, naming node, operator and both shapes.
   */
  inferShape(given: GivenShapes = {}): InferredShapes | undefined {
    return inferShape(this, given);
  }

  /**
   * `inferShape` as far as it goes: a dimension of 0, and `[]` for a whole shape, is unknown (MXNet `infer_shape_partial`).
   *
   * @throws RangeError as `inferShape` does.
   */
  inferShapePartial(given: GivenShapes = {}): InferredShapes {
    return inferShapePartial(this, given);
  }

  /**
   * Element types; float32 for what is not given or declared (MXNet `infer_type`).
   *
   * @throws RangeError for a name that is no variable.
   */
  inferType(given: { readonly [name: string]: DType } = {}): InferredTypes {
    return inferType(this, given);
  }

  /** MXNet's symbol JSON, character by character as MXNet writes it. */
  toJSONText(): string {
    return writeJson(this.outputs);
  }

  /** The same as an object, so that `JSON.stringify(symbol)` works. */
  toJSON(): object {
    return JSON.parse(this.toJSONText()) as object;
  }

  // arithmetic: shapes must be equal, see broadcastAdd and its kin for broadcasting

  /**
   * this + other, elementwise: other is a symbol of the same shape, or a number (MXNet `_plus`, `_PlusScalar`); `broadcastAdd` and its kin broadcast.
   *
   * @throws RangeError where either has several outputs and, when shapes are inferred, where they differ. So do all arithmetic and comparison.
   */
  add(other: Symbol | number): Symbol {
    return this.#binary(other, '_plus', '_PlusScalar');
  }

  /** this − other, elementwise, of one shape or with a number (MXNet `_minus`, `_MinusScalar`). Errors as `add`. */
  sub(other: Symbol | number): Symbol {
    return this.#binary(other, '_minus', '_MinusScalar');
  }

  /** other − this, elementwise, of a number (MXNet `_RMinusScalar`). */
  rsub(other: number): Symbol {
    return this.#scalar('_RMinusScalar', other);
  }

  /** this · other, elementwise, of one shape or with a number (MXNet `_mul`, `_MulScalar`). Errors as `add`. */
  mul(other: Symbol | number): Symbol {
    return this.#binary(other, '_mul', '_MulScalar');
  }

  /** this / other, elementwise, of one shape or with a number (MXNet `_div`, `_DivScalar`). Errors as `add`. */
  div(other: Symbol | number): Symbol {
    return this.#binary(other, '_div', '_DivScalar');
  }

  /** other / this, elementwise, of a number (MXNet `_RDivScalar`). */
  rdiv(other: number): Symbol {
    return this.#scalar('_RDivScalar', other);
  }

  /** The remainder of this / other, with other's sign, elementwise, of one shape or with a number (MXNet `_mod`, `_ModScalar`). Errors as `add`. */
  mod(other: Symbol | number): Symbol {
    return this.#binary(other, '_mod', '_ModScalar');
  }

  /** The remainder of other / this, elementwise, of a number (MXNet `_RModScalar`). */
  rmod(other: number): Symbol {
    return this.#scalar('_RModScalar', other);
  }

  /** this to the power of exponent, elementwise, of one shape or with a number (MXNet `_power`, `_PowerScalar`). Errors as `add`. */
  pow(exponent: Symbol | number): Symbol {
    return this.#binary(exponent, '_power', '_PowerScalar');
  }

  /** other to the power of this, elementwise, of a number (MXNet `_RPowerScalar`). */
  rpow(other: number): Symbol {
    return this.#scalar('_RPowerScalar', other);
  }

  /** −this, elementwise; MXNet multiplies by −1 (`_MulScalar`). */
  neg(): Symbol {
    return this.#scalar('_MulScalar', '-1.0');
  }

  /**
   * The larger one, which at ties is this and gets the gradient, elementwise, of one shape or with a number (MXNet `_maximum`, `_MaximumScalar`). Errors as
   * `add`.
   */
  maximum(other: Symbol | number): Symbol {
    return this.#binary(other, '_maximum', '_MaximumScalar');
  }

  /**
   * The smaller one, which at ties is this and gets the gradient, elementwise, of one shape or with a number (MXNet `_minimum`, `_MinimumScalar`). Errors as
   * `add`.
   */
  minimum(other: Symbol | number): Symbol {
    return this.#binary(other, '_minimum', '_MinimumScalar');
  }

  // comparison: 1 where it holds, else 0, as floats

  /** 1 where this = other, else 0, elementwise, of one shape or with a number (MXNet `_equal`, `_equal_scalar`). Errors as `add`. */
  equal(other: Symbol | number): Symbol {
    return this.#binary(other, '_equal', '_equal_scalar');
  }

  /** 1 where this ≠ other, else 0, elementwise, of one shape or with a number (MXNet `_not_equal`, `_not_equal_scalar`). Errors as `add`. */
  notEqual(other: Symbol | number): Symbol {
    return this.#binary(other, '_not_equal', '_not_equal_scalar');
  }

  /** 1 where this > other, else 0, elementwise, of one shape or with a number (MXNet `_greater`, `_greater_scalar`). Errors as `add`. */
  greater(other: Symbol | number): Symbol {
    return this.#binary(other, '_greater', '_greater_scalar');
  }

  /** 1 where this ≥ other, else 0, elementwise, of one shape or with a number (MXNet `_greater_equal`, `_greater_equal_scalar`). Errors as `add`. */
  greaterEqual(other: Symbol | number): Symbol {
    return this.#binary(other, '_greater_equal', '_greater_equal_scalar');
  }

  /** 1 where this < other, else 0, elementwise, of one shape or with a number (MXNet `_lesser`, `_lesser_scalar`). Errors as `add`. */
  less(other: Symbol | number): Symbol {
    return this.#binary(other, '_lesser', '_lesser_scalar');
  }

  /** 1 where this ≤ other, else 0, elementwise, of one shape or with a number (MXNet `_lesser_equal`, `_lesser_equal_scalar`). Errors as `add`. */
  lessEqual(other: Symbol | number): Symbol {
    return this.#binary(other, '_lesser_equal', '_lesser_equal_scalar');
  }

  /** The name of the function used is the hint of the automatic name: `_plus0`, `_plusscalar0`. */
  #binary(other: Symbol | number, operator: string, scalarOperator: string): Symbol {
    if (typeof other === 'number') return this.#scalar(scalarOperator, other);
    return Symbol.of(createNode(findOperator(operator), operator, { inputs: [this.#single(operator), other.#single(operator)] }));
  }

  #scalar(operator: string, scalar: number | string): Symbol {
    return Symbol.of(createNode(findOperator(operator), operator.toLowerCase(), { inputs: [this.#single(operator)], parameters: { scalar } }));
  }

  #single(operator: string): NodeOutput {
    const [output, another] = this.outputs;
    if (!output || another) throw new RangeError(`${operator}: an operand has ${this.length} outputs (${this.listOutputs().join(', ')}); choose one with get(…)`);
    return output;
  }

  #head(): Node | undefined {
    const head = this.outputs[0]?.node;
    return this.outputs.every((output) => output.node === head) ? head : undefined;
  }

  #variables(wanted: (isAuxiliary: boolean) => boolean): string[] {
    const nodes = this.nodes();
    const auxiliary = auxiliaryNodes(nodes);
    return nodes.filter((node) => node.isVariable && wanted(auxiliary.has(node))).map((node) => node.name);
  }

  #position(index: number): number {
    if (this.outputs[index]) return index;
    throw new RangeError(`get: there is no output ${index}; the symbol has ${this.length} outputs, 0..${this.length - 1}`);
  }

  #named(name: string): number {
    const names = this.listOutputs();
    const found = names.indexOf(name);
    if (found < 0) throw new RangeError(`get: no output is named ${name}; the outputs are ${names.join(', ')}`);
    if (names.lastIndexOf(name) !== found) throw new RangeError(`get: several outputs are named ${name}; choose one by its position`);
    return found;
  }
}

/**
 * The outputs of several symbols as one (MXNet `Group`): `group([softmax, makeLoss(…)])` trains with both losses.
 *
 * @throws RangeError without members.
 */
export function group(members: readonly Symbol[]): Symbol {
  return Symbol.group(members);
}
