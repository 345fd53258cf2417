import { sizeOf, type Shape } from '@lossworks/ndarray';
import type { Node } from '../symbol/node.js';

/** What a node's cost is counted from. */
export interface CostCall {
  readonly node: Node;
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/** A count of multiplications and additions. */
type Cost = (call: CostCall) => number;

const rowLength = (shape: Shape): number => sizeOf(shape) / (shape[0] || 1);

/** Operators whose arithmetic is more than one operation an output element, by MXNet's name. */
const costs: { readonly [operator: string]: Cost } = {
  // One product and one sum for each weight a position meets.
  Convolution: ({ inputs: [, weight], outputs: [output] }) => 2 * sizeOf(output!) * rowLength(weight!),
  Deconvolution: ({ inputs: [data, weight] }) => 2 * sizeOf(data!) * rowLength(weight!),
  FullyConnected: ({ inputs: [, weight], outputs: [output] }) => 2 * sizeOf(output!) * rowLength(weight!),
  dot: ({ inputs: [left], outputs: [output], node }) => 2 * sizeOf(output!) * contracted(left!, node),
  batch_dot: ({ inputs: [left], outputs: [output], node }) => 2 * sizeOf(output!) * (left!.at(node.parameters['transpose_a'] ? -2 : -1) ?? 1),
  Pooling: ({ inputs: [data], outputs: [output], node }) => {
    const kernel = node.parameters['kernel'] as Shape;
    return node.parameters['global_pool'] ? sizeOf(data!) : sizeOf(output!) * sizeOf(kernel);
  },
  BatchNorm: ({ outputs: [output] }) => 2 * sizeOf(output!),
  Reshape: () => 0,
  Flatten: () => 0,
  BlockGrad: () => 0,
  _copy: () => 0,
};

function contracted(left: Shape, node: Node): number {
  return (node.parameters['transpose_a'] ? left[0] : left.at(-1)) ?? 1;
}

/** Floating-point operations of one forward pass through a node; one an output element unless the table knows better. */
export function operationsOf(call: CostCall): number {
  const cost = costs[call.node.operator!.name];
  return cost ? cost(call) : call.outputs.reduce((sum, shape) => sum + sizeOf(shape), 0);
}
