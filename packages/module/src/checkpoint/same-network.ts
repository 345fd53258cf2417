import type { Symbol } from '@lossworks/graph';
import { formatShape, type Shape } from '@lossworks/ndarray';
import type { Checkpoint } from './checkpoint.js';

/** Shapes by name of a network's parameters and auxiliary states. */
export type NetworkShapes = ReadonlyMap<string, Shape>;

const named = 4;

/** @throws RangeError saying in what the networks differ. */
export function checkSameNetwork({ source, symbol: saved, argParams, auxParams }: Checkpoint, symbol: Symbol, here: NetworkShapes): void {
  const there: NetworkShapes = new Map([...argParams, ...auxParams].map(([name, { shape }]) => [name, shape]));
  const own = symbol.toJSONText();
  let differences = shapeDifferences(there, here);
  if (differences.length === 0) {
    if (saved === own) return;
    differences = [nodeDifference(nodesOf(saved, source), nodesOf(own, source))];
  }
  const more = differences.length > named ? `; and ${differences.length - named} more` : '';
  throw new RangeError(
    `${source}: it is a checkpoint of another network: ${differences.slice(0, named).join('; ')}${more}; build the network it was saved of, or take what fits with ` +
      'setParams(…, { allowMissing: true, allowExtra: true })',
  );
}

function shapeDifferences(there: NetworkShapes, here: NetworkShapes): string[] {
  const names = [...new Set([...there.keys(), ...here.keys()])];
  return names.flatMap((name) => {
    const [saved, own] = [there.get(name), here.get(name)];
    if (!saved) return [`${name} ${formatShape(own!)} is only here`];
    if (!own) return [`${name} ${formatShape(saved)} is only there`];
    return formatShape(saved) === formatShape(own) ? [] : [`${name} has shape ${formatShape(saved)} there, ${formatShape(own)} here`];
  });
}

interface JsonNode {
  readonly op: string;
  readonly name: string;
  readonly attrs?: object;
  readonly inputs?: unknown;
}

function nodesOf(json: string, source: string): readonly JsonNode[] {
  try {
    return (JSON.parse(json) as { nodes: readonly JsonNode[] }).nodes;
  } catch {
    throw new RangeError(`${source}: the network in it is no symbol JSON; take an earlier checkpoint`);
  }
}

/** Where parameters agree, the first node that is another one tells enough. */
function nodeDifference(there: readonly JsonNode[], here: readonly JsonNode[]): string {
  const at = there.findIndex((node, i) => JSON.stringify(node) !== JSON.stringify(here[i]));
  const [saved, own] = at < 0 ? [undefined, here[there.length]] : [there[at], here[at]];
  const describe = (node: JsonNode | undefined) => (node ? `${node.name} (${node.op}) ${JSON.stringify(node.attrs ?? {})}` : 'nothing');
  return saved && own && describe(saved) === describe(own) ? `${describe(saved)} has other inputs` : `there is ${describe(saved)}, here ${describe(own)}`;
}
