import type { DType } from '@lossworks/ndarray';
import { suggestion } from '../operators/near-miss.js';
import { auxiliaryNodes } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';

/** Element types in the order of `listArguments`, `listOutputs` and `listAuxiliaryStates`. */
export interface InferredTypes {
  /** Element types of arguments. */
  readonly arguments: readonly DType[];
  /** Element types of outputs: float32, but for a variable's own. */
  readonly outputs: readonly DType[];
  /** Element types of auxiliary states. */
  readonly auxiliaryStates: readonly DType[];
}

/** What the numbers of `__dtype__` mean here; other ones are computed with as float32. */
const declaredTypes: { readonly [number: string]: DType } = { '0': 'float32', '3': 'uint8', '4': 'int32' };

/** A variable has the type that is given, else the one it was declared with, else float32; what operators compute is float32. */
export function inferType(symbol: Symbol, given: { readonly [name: string]: DType }): InferredTypes {
  const nodes = symbol.nodes();
  const auxiliary = auxiliaryNodes(nodes);
  const variables = nodes.filter((node) => node.isVariable);
  const names = variables.map((node) => node.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new RangeError(`inferType: there is no argument ${name}${suggestion(name, names)}The arguments are ${names.join(', ')}`);
  }
  const typeOf = (node: (typeof nodes)[number]): DType => {
    if (!node.isVariable) return 'float32';
    return given[node.name] ?? declaredTypes[node.attributes.__dtype__ ?? '0'] ?? 'float32';
  };
  return {
    arguments: variables.filter((node) => !auxiliary.has(node)).map(typeOf),
    outputs: symbol.outputs.map(({ node }) => typeOf(node)),
    auxiliaryStates: variables.filter((node) => auxiliary.has(node)).map(typeOf),
  };
}
