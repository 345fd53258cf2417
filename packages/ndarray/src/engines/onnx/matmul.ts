import { sameShape } from '../../shape.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';

/** An operand of a matrix product, taken as it lies or the other way round. */
interface Side {
  readonly name: () => string;
  readonly transposed: boolean;
}

/** Takes a recorded transpose of the last two axes, or a batch that lies last, into the product's own flag. */
function side(operand: Operand, transposed: boolean): Side {
  const { step } = operand;
  const rank = operand.shape.length;
  if (step?.primitive === 'transpose' && sameShape((step.attributes as { permutation: readonly number[] }).permutation, swapLastTwo(rank))) {
    return { name: () => operand.operands()[0]!.name('plain'), transposed: !transposed };
  }
  return rank === 2 && operand.layout === 'batchLast'
    ? { name: () => operand.name('batchLast'), transposed: !transposed }
    : { name: () => operand.name('plain'), transposed };
}

function swapLastTwo(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

/** `Gemm` for matrices, with an optional vector added; `MatMul` for batches of them. */
export function lowerMatmul({ builder, attributes, operands, result, layout }: LoweringCall<'matmul'>, bias?: string): string {
  const a = side(operands[0]!, attributes.transposeA);
  const b = side(operands[1]!, attributes.transposeB);
  const rank = result.shape.length;
  if (rank === 2) {
    // (A·B)ᵀ = Bᵀ·Aᵀ: the batch comes last for nothing.
    const [left, right] = layout === 'plain' ? [a, b] : [{ ...b, transposed: !b.transposed }, { ...a, transposed: !a.transposed }];
    return builder.op('Gemm', [left.name(), right.name(), ...(bias === undefined ? [] : [bias])], { transA: Number(left.transposed), transB: Number(right.transposed) });
  }
  const turned = ({ name, transposed }: Side): string => (transposed ? builder.op('Transpose', [name()], { perm: swapLastTwo(rank) }) : name());
  return builder.op('MatMul', [turned(a), turned(b)]);
}
