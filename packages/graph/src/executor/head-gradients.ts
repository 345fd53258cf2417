import type { NDArray } from '@lossworks/ndarray';
import type { Node } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';

/** Head gradients, each of its output's shape: one for a single output, one an output in order (null: none), or by output name. */
export type HeadGradients = NDArray | readonly (NDArray | null)[] | { readonly [output: string]: NDArray };

/**
 * One an output of the symbol, null where none was given.
 *
 * @param needy nodes that need one.
 * @throws RangeError naming the outputs of these whose head gradient is missing, and for one of no output.
 */
export function listHeadGradients(given: HeadGradients | undefined, symbol: Symbol, needy: ReadonlySet<Node>): (NDArray | null)[] {
  const names = symbol.listOutputs();
  const listed = inOrder(given, names);
  const missing = symbol.outputs.flatMap(({ node }, i) => (!listed[i] && needy.has(node) ? [names[i]!] : []));
  if (missing.length > 0) {
    throw new RangeError(`backward: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} no loss and need${missing.length === 1 ? 's' : ''} a head gradient; give one an output, or wrap the loss in makeLoss`);
  }
  return names.map((_, i) => listed[i] ?? null);
}

function inOrder(given: HeadGradients | undefined, names: readonly string[]): readonly (NDArray | null | undefined)[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) {
    if (given.length > names.length) throw new RangeError(`backward: ${given.length} head gradients for ${names.length} output(s) ${names.join(', ')}`);
    return given as readonly (NDArray | null)[];
  }
  if ('shape' in given && typeof (given as NDArray).assign === 'function') return [given as NDArray];
  const byName = given as { readonly [output: string]: NDArray };
  for (const name of Object.keys(byName)) {
    if (!names.includes(name)) throw new RangeError(`backward: there is no output ${name}; the outputs are ${names.join(', ')}`);
  }
  return names.map((name) => byName[name]);
}
