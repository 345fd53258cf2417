import { auxiliaryNodes, traverse, type Node, type NodeOutput } from '../symbol/node.js';

/** The version that is written into the file: readers choose by it how to read. */
const mxnetVersion = 10901;

/**
 * MXNet's symbol JSON of a graph, character by character as MXNet 1.9.1 writes it: two blanks a level, attributes in alphabetical order, lists of
 * more than ten numbers one a line.
 */
export function writeJson(outputs: readonly NodeOutput[]): string {
  const nodes = traverse(outputs);
  const ids = new Map(nodes.map((node, id) => [node, id]));
  const versions = variableVersions(nodes);
  const entry = (output: NodeOutput, version: number) => `[${ids.get(output.node)}, ${output.index}, ${version}]`;
  const nodeTexts = nodes.map((node) => {
    const inputs = node.inputs.map((input, position) => entry(input, versions.get(node)![position]!));
    const members = [`"op": ${quote(node.operator?.name ?? 'null')}`, `"name": ${quote(node.name)}`];
    const attributes = Object.entries(node.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    if (attributes.length > 0) {
      const texts = attributes.map(([key, value]) => `${quote(key)}: ${quote(value)}`);
      members.push(`"attrs": ${texts.length > 1 ? lines('{', texts, '}', 3) : `{${texts[0]}}`}`);
    }
    members.push(`"inputs": ${list(inputs, 3)}`);
    return lines('{', members, '}', 2);
  });
  const members = [
    `"nodes": ${lines('[', nodeTexts, ']', 1)}`,
    `"arg_nodes": ${list(nodes.flatMap((node, id) => (node.isVariable ? [String(id)] : [])), 1)}`,
    `"node_row_ptr": ${list(rowPointers(nodes).map(String), 1)}`,
    `"heads": ${list(outputs.map((output) => entry(output, 0)), 1)}`,
    `"attrs": {"mxnet_version": ["int", ${mxnetVersion}]}`,
  ];
  return lines('{', members, '}', 0);
}

/** MXNet counts up a variable's version with each operator that changes it; entries hold the version they refer to. */
function variableVersions(nodes: readonly Node[]): Map<Node, number[]> {
  const auxiliary = auxiliaryNodes(nodes);
  const current = new Map<Node, number>();
  return new Map(
    nodes.map((node) => [
      node,
      node.inputs.map((input, position) => {
        if (!auxiliary.has(input.node)) return 0;
        const version = (current.get(input.node) ?? 0) + (position >= node.argumentCount ? 1 : 0);
        current.set(input.node, version);
        return version;
      }),
    ]),
  );
}

/** Where each node's outputs start in a list of all outputs. */
function rowPointers(nodes: readonly Node[]): number[] {
  const pointers = [0];
  for (const node of nodes) pointers.push(pointers.at(-1)! + node.outputCount + (node.operator?.hiddenOutputs?.(node.parameters) ?? 0));
  return pointers;
}

function list(items: readonly string[], depth: number): string {
  return items.length > 10 ? lines('[', items, ']', depth) : `[${items.join(', ')}]`;
}

function lines(open: string, items: readonly string[], close: string, depth: number): string {
  const indent = '  '.repeat(depth);
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(', \n')}\n${indent}${close}`;
}

const escapes: { readonly [character: string]: string } = { '\r': '\\r', '\n': '\\n', '\\': '\\\\', '\t': '\\t', '"': '\\"' };

/** MXNet escapes these five and writes other control characters as they are, which no reader of JSON takes; those are escaped here. */
function quote(text: string): string {
  // eslint-disable-next-line no-control-regex
  return `"${text.replaceAll(/[\u0000-\u001f\\"]/g, (character) => escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
