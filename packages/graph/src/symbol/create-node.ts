import { formatParameters, parseParameters } from '../operators/parse-parameters.js';
import { suggestion } from '../operators/near-miss.js';
import type { Operator } from '../operators/operator.js';
import { scopedAttributes } from './attribute-scope.js';
import { currentNameManager } from './name-manager.js';
import { annotate, Node, type Attributes, type NodeOutput } from './node.js';

export type NodeInputs = readonly (NodeOutput | undefined)[] | { readonly [argument: string]: NodeOutput | undefined };

/** What a new node is made from; everything may be left out. */
export interface NodeFields {
  readonly name?: string | undefined;
  /** In the operator's order, or by argument name. */
  readonly inputs?: NodeInputs;
  /** By MXNet's names; values or attribute texts. */
  readonly parameters?: { readonly [name: string]: unknown };
  /** Custom attributes such as `__lr_mult__`. */
  readonly attributes?: Attributes | undefined;
}

/**
 * A node of `operator` in the current name and attribute scopes. Inputs that are not given become variables `<name>_<argument>`
 * with a copy of the node's attributes.
 * @param hint base of an automatic name: the name of the function used, in small letters
 * @throws RangeError for an unknown, missing or unreadable parameter, and for inputs the operator does not have
 */
export function createNode(operator: Operator, hint: string, { name: asked, inputs = [], parameters = {}, attributes = {} }: NodeFields): Node {
  const draft = `${asked ?? hint} (${operator.name})`;
  const own = { ...scopedAttributes(attributes, draft), ...formatParameters(operator, counted(operator, parameters, inputs), draft) };
  const values = parseParameters(operator, own, draft);
  const argumentNames = operator.inputs(values);
  const inputNames = [...argumentNames, ...(operator.auxiliaryStates?.(values) ?? [])];
  const given = inOrder(inputs, inputNames, draft);
  const name = currentNameManager().get(asked, hint);
  const connected = inputNames.map((inputName, position) => {
    const initial = operator.variableAttributes?.[inputName];
    const input = given[position];
    if (!input) return { node: new Node({ operator: null, name: `${name}_${inputName}`, attributes: { ...initial, ...own } }), index: 0 };
    // As in MXNet, what the operator says about an input holds for a variable made by hand too, unless that has its own.
    if (initial && input.node.isVariable) annotate(input.node, initial);
    return input;
  });
  return new Node({ operator, name, attributes: own, inputs: connected, parameters: values });
}

/** Fills in the parameter that counts the inputs where the user left it out. */
function counted(operator: Operator, parameters: { readonly [name: string]: unknown }, inputs: NodeInputs) {
  const counter = operator.countParameter;
  if (!counter || parameters[counter] !== undefined || !Array.isArray(inputs)) return parameters;
  return { ...parameters, [counter]: inputs.length };
}

function inOrder(inputs: NodeInputs, names: readonly string[], label: string): readonly (NodeOutput | undefined)[] {
  if (isList(inputs)) {
    if (inputs.length > names.length) {
      throw new RangeError(`${label}: ${inputs.length} inputs were given, it has ${names.length}: ${names.join(', ')}`);
    }
    return inputs;
  }
  for (const [name, input] of Object.entries(inputs)) {
    if (input === undefined || names.includes(name)) continue;
    throw new RangeError(`${label}: there is no input ${name}${suggestion(name, names)}Its inputs are ${names.join(', ')}`);
  }
  return names.map((name) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined));
}

function isList(inputs: NodeInputs): inputs is readonly (NodeOutput | undefined)[] {
  return Array.isArray(inputs);
}
