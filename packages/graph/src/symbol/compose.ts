import { suggestion } from '../operators/near-miss.js';
import { auxiliaryNodes, Node, traverse, type NodeOutput } from './node.js';

/**
 * The outputs with argument variables replaced by other outputs; what does not depend on a replaced variable stays shared.
 * @param name the new name of the head node
 * @throws RangeError for a name that is no argument
 */
export function replaceArguments(
  outputs: readonly NodeOutput[],
  replacements: ReadonlyMap<string, NodeOutput>,
  name: string | undefined,
): NodeOutput[] {
  const nodes = traverse(outputs);
  const auxiliary = auxiliaryNodes(nodes);
  const argumentNames = new Set(nodes.filter((node) => node.isVariable && !auxiliary.has(node)).map((node) => node.name));
  for (const replaced of replacements.keys()) {
    if (argumentNames.has(replaced)) continue;
    throw new RangeError(
      `compose: there is no argument ${replaced}${suggestion(replaced, argumentNames)}The arguments are ${[...argumentNames].join(', ')}`,
    );
  }
  const heads = new Set(outputs.map((output) => output.node));
  if (name !== undefined && heads.size !== 1) {
    throw new RangeError(`compose: a name can be given to one head node, this symbol has ${heads.size}; compose its members one by one`);
  }
  const copies = new Map<Node, Node>();
  const replace = ({ node, index }: NodeOutput): NodeOutput => {
    const replacement = node.isVariable && !auxiliary.has(node) ? replacements.get(node.name) : undefined;
    return replacement ?? { node: copies.get(node) ?? node, index };
  };
  for (const node of nodes) {
    const inputs = node.inputs.map(replace);
    const renamed = name !== undefined && heads.has(node) ? name : node.name;
    const changed = renamed !== node.name || inputs.some((input, position) => input.node !== node.inputs[position]?.node);
    if (changed) copies.set(node, new Node({ ...node, name: renamed, inputs }));
  }
  return outputs.map(replace);
}
