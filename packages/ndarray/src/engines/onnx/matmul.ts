import type { LoweringCall } from './lowerings.js';
import type { Operand } from './lower-program.js';

/** An operand of a matrix product whose last two axes may be taken the other way round. */
interface Side {
  readonly operand: Operand;
  readonly transposed: boolean;
}

/** Takes a recorded transpose of the last two axes into the product's own flag. */
function side(operand: Operand, transposed: boolean): Side {
  const { step } = operand;
  if (step?.primitive !== 'transpose') return { operand, transposed };
  const { permutation } = step.attributes as { permutation: readonly number[] };
  const last = permutation.length - 1;
  const swapsLastTwo = permutation.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
  return swapsLastTwo ? { operand: operand.operands()[0]!, transposed: !transposed } : { operand, transposed };
}

/** `Gemm` for matrices, with an optional vector or matrix added; `MatMul` for batches of them. */
export function lowerMatmul({ builder, attributes, operands, result }: LoweringCall<'matmul'>, bias?: string): string {
  const a = side(operands[0]!, attributes.transposeA);
  const b = side(operands[1]!, attributes.transposeB);
  if (result.shape.length === 2) {
    return builder.op('Gemm', [a.operand.name(), b.operand.name(), ...(bias === undefined ? [] : [bias])], { transA: Number(a.transposed), transB: Number(b.transposed) });
  }
  const rank = result.shape.length;
  const perm = Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
  const turned = ({ operand, transposed }: Side): string => (transposed ? builder.op('Transpose', [operand.name()], { perm }) : operand.name());
  return builder.op('MatMul', [turned(a), turned(b)]);
}
