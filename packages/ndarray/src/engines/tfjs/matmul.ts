import { sameShape } from '../../shape.js';
import type { Slot } from './kernel-builder.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';

/** Takes a recorded transpose of the last two axes into the product's own flag. */
function side(operand: Operand, transposed: boolean): { readonly slot: Slot; readonly transposed: boolean } {
  const { step } = operand;
  if (step?.primitive === 'transpose' && sameShape((step.attributes as { permutation: readonly number[] }).permutation, swapLastTwo(operand.shape.length))) {
    return { slot: operand.operands()[0]!.slot('plain'), transposed: !transposed };
  }
  return { slot: operand.slot('plain'), transposed };
}

function swapLastTwo(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

export function lowerMatmul({ builder, attributes, operands: [left, right] }: LoweringCall<'matmul'>): Slot {
  const a = side(left!, attributes.transposeA);
  const b = side(right!, attributes.transposeB);
  return builder.op('BatchMatMul', { a: a.slot, b: b.slot }, { transposeA: a.transposed, transposeB: b.transposed });
}
