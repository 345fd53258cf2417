import { isCustomAttribute, parseParameters } from '../operators/parse-parameters.js';
import { findOperator } from '../operators/registry.js';
import type { Operator } from '../operators/operator.js';
import { hiddenKeys, isHidden } from '../symbol/attribute-scope.js';
import { annotate, Node, type Attributes, type NodeOutput } from '../symbol/node.js';

type JsonObject = { readonly [key: string]: unknown };

/**
 * The head outputs of a graph in MXNet's symbol JSON. Older spellings are understood too: `param` beside `attr` in nodes, references of two
 * numbers, auxiliary states left out.
 * @throws RangeError that says what is wrong and where; the text is taken as hostile
 */
export function readJson(json: string | object): NodeOutput[] {
  const graph = objectAt(typeof json === 'string' ? parse(json) : json, 'the graph');
  const nodes: Node[] = [];
  for (const [id, entry] of listAt(graph.nodes, 'nodes').entries()) nodes.push(readNode(objectAt(entry, `nodes[${id}]`), id, nodes));
  const heads = listAt(graph.heads, 'heads').map((head, position) => reference(head, nodes, `heads[${position}]`));
  if (heads.length === 0) fail('heads is empty; a graph has at least one output');
  return heads;
}

function readNode(entry: JsonObject, id: number, nodes: readonly Node[]): Node {
  const at = `nodes[${id}]`;
  const name = textAt(entry.name, `${at}.name`);
  const operatorName = textAt(entry.op, `${at}.op`);
  const inputs = listAt(entry.inputs, `${at}.inputs`).map((input, position) => reference(input, nodes, `${at}.inputs[${position}]`));
  const stored = readAttributes(entry, at);
  if (operatorName === 'null') {
    if (inputs.length > 0) fail(`${at}: the variable ${name} has inputs; only operators have`);
    return new Node({ operator: null, name, attributes: stored });
  }
  const operator = named(operatorName, at);
  const attributes = 'attr' in entry ? handDown(operator, stored, inputs) : stored;
  const parameters = parseParameters(operator, attributes, `${name} (${operator.name})`);
  const complete = withAuxiliaryStates(operator, parameters, name, attributes, inputs);
  return new Node({ operator, name, attributes, inputs: complete, parameters });
}

/** Files from before MXNet 0.9 leave out auxiliary states, which then are variables of their usual names. */
function withAuxiliaryStates(
  operator: Operator,
  parameters: Node['parameters'],
  name: string,
  attributes: Attributes,
  inputs: readonly NodeOutput[],
): readonly NodeOutput[] {
  const argumentNames = operator.inputs(parameters);
  const auxiliary = operator.auxiliaryStates?.(parameters) ?? [];
  if (inputs.length === argumentNames.length && auxiliary.length > 0) {
    const added = auxiliary.map((state) => new Node({ operator: null, name: `${name}_${state}`, attributes: { ...operator.variableAttributes?.[state], ...attributes } }));
    return [...inputs, ...added.map((node) => ({ node, index: 0 }))];
  }
  const expected = argumentNames.length + auxiliary.length;
  if (inputs.length !== expected) {
    fail(`${name} (${operator.name}) has ${inputs.length} inputs, it needs ${expected}: ${[...argumentNames, ...auxiliary].join(', ')}`);
  }
  return inputs;
}

/** `attrs`, or the older `attr` and `param`; bare keys that MXNet hides get their stored form. */
function readAttributes(entry: JsonObject, at: string): Attributes {
  const attributes: { [key: string]: string } = {};
  for (const spelling of ['param', 'attr', 'attrs']) {
    if (entry[spelling] === undefined) continue;
    for (const [key, value] of Object.entries(objectAt(entry[spelling], `${at}.${spelling}`))) {
      const stored = isHidden(key) ? `__${key}__` : key;
      Object.defineProperty(attributes, stored, { value: textAt(value, `${at}.${spelling}.${key}`), enumerable: true, writable: true, configurable: true });
    }
  }
  return attributes;
}

/** Old files keep an input's attributes at its operator: `weight_lr_mult` becomes `__lr_mult__` of the weight. */
function handDown(operator: Operator, attributes: Attributes, inputs: readonly NodeOutput[]): Attributes {
  const own = Object.entries(attributes).filter(([key, value]) => {
    if (isCustomAttribute(key) || Object.hasOwn(operator.parameters, key)) return true;
    const hidden = hiddenKeys.find((candidate) => key.endsWith(`_${candidate}`));
    const input = hidden && inputs.find(({ node }) => node.isVariable && node.name.endsWith(`_${key.slice(0, -hidden.length - 1)}`));
    if (!input) return true;
    annotate(input.node, { [`__${hidden}__`]: value });
    return false;
  });
  return Object.fromEntries(own);
}

/** `[node, output]` or `[node, output, version]`, to a node that stands earlier. */
function reference(entry: unknown, nodes: readonly Node[], at: string): NodeOutput {
  const [id, index = 0] = listAt(entry, at);
  const node = typeof id === 'number' ? nodes[id] : undefined;
  if (!node) return fail(`${at} refers to the node ${String(id)}, of which there is none before it`);
  if (typeof index !== 'number' || !(index in node.outputNames)) return fail(`${at} refers to output ${String(index)} of ${node.label}, which has ${node.outputCount}`);
  return { node, index };
}

function named(name: string, at: string): Operator {
  try {
    return findOperator(name);
  } catch (error) {
    return fail(`${at}: ${(error as Error).message}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`the text is no JSON (${(error as Error).message})`);
  }
}

function objectAt(value: unknown, at: string): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : fail(`${at} is not an object`);
}

function listAt(value: unknown, at: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(`${at} is not a list`);
}

function textAt(value: unknown, at: string): string {
  return typeof value === 'string' ? value : fail(`${at} is not a text`);
}

function fail(problem: string): never {
  throw new RangeError(`symbol JSON: ${problem}`);
}
