import { sizeOf } from '../../shape.js';
import { lowerConv } from './convolution.js';
import { broadcastNames, type Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';
import { lowerMatmul } from './matmul.js';

/**
 * Addition; a vector added to the only use of a product or convolution becomes that node's own bias. A matrix does not: `Gemm` adds it to a part of each sum, and
 * a momentum would come out otherwise than by a loop.
 */
export function lowerAdd(call: LoweringCall<'add'>): string {
  const { builder, operands, result, layout } = call;
  for (const [product, added] of [[operands[0]!, operands[1]!], [operands[1]!, operands[0]!]] as const) {
    const isMatrix = product.step?.primitive === 'matmul' && result.shape.length === 2;
    if (!product.single || !(isMatrix || product.step?.primitive === 'conv')) continue;
    const bias = added.step?.primitive === 'broadcastTo' ? vectorAlong(added, 1, result.shape) : undefined;
    if (bias === undefined) continue;
    const inner = { builder, attributes: product.step!.attributes as never, operands: product.operands(), result, layout };
    return product.step!.primitive === 'conv' ? lowerConv(inner, bias) : lowerMatmul(inner, bias);
  }
  return builder.op('Add', broadcastNames(builder, operands, result.shape, layout));

  /** Name of the vector that was spread from one axis over all others. */
  function vectorAlong(added: Operand, axis: number, shape: readonly number[]): string | undefined {
    const source = added.operands()[0]!;
    const length = shape[axis]!;
    const offset = shape.length - source.shape.length;
    const alongAxis = sizeOf(source.shape) === length && source.shape[axis - offset] === length;
    if (!alongAxis) return undefined;
    if (source.shape.length === 1) return source.name('plain');
    const original = source.step?.primitive === 'reshape' ? source.operands()[0]! : undefined;
    return original?.shape.length === 1 ? original.name('plain') : builder.reshape(source.name('plain'), [length]);
  }
}
