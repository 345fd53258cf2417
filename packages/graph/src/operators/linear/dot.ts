import { formatShape, matmul, reshape, sizeOf } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, float, int, optional } from '../parameters/index.js';

const flags = {
  transpose_a: bool('Transpose the left operand.', { fallback: false }),
  transpose_b: bool('Transpose the right operand.', { fallback: false }),
  forward_stype: optional(choice('Accepted, without effect.', ['default', 'csr', 'row_sparse'])),
};

/** Matrix product; with more axes the last of the left meets the first of the right. Two vectors give shape (1,). */
export const dotOperator = defineOperator({
  name: 'dot',
  isKept: true,
  parameters: flags,
  inputs: () => ['lhs', 'rhs'],
  record: ({ inputs: [lhs, rhs], parameters: { transpose_a, transpose_b } }) => {
    const left = lhs!.shape;
    const right = rhs!.shape;
    const inner = transpose_a ? left[0]! : left.at(-1)!;
    const outerLeft = transpose_a ? left.slice(1) : left.slice(0, -1);
    const outerRight = transpose_b ? right.slice(0, -1) : right.slice(1);
    if (inner !== (transpose_b ? right.at(-1) : right[0])) {
      throw new RangeError(`lhs ${formatShape(left)}${transpose_a ? ' transposed' : ''} and rhs ${formatShape(right)}${transpose_b ? ' transposed' : ''} do not meet: the last axis of lhs must be as long as the first of rhs`);
    }
    const rows = sizeOf(outerLeft);
    const columns = sizeOf(outerRight);
    const product = matmul(
      reshape(lhs!, transpose_a ? [inner, rows] : [rows, inner]),
      reshape(rhs!, transpose_b ? [columns, inner] : [inner, columns]),
      { transposeA: transpose_a, transposeB: transpose_b },
    );
    const outer = [...outerLeft, ...outerRight];
    return [reshape(product, outer.length > 0 ? outer : [1])];
  },
});

/** alpha·A·B over the last two axes, for as many axes in front as both have (MXNet `linalg_gemm2`). */
export const linalgGemm2Operator = defineOperator({
  name: '_linalg_gemm2',
  aliases: ['linalg_gemm2'],
  parameters: {
    transpose_a: flags.transpose_a,
    transpose_b: flags.transpose_b,
    alpha: float('Factor of the product.', { fallback: 1 }),
    axis: int('The axis of the rows, which is the last but one.', { fallback: -2, minimum: -2, maximum: -2 }),
  },
  inputs: () => ['A', 'B'],
  record: ({ inputs: [a, b], parameters: { transpose_a, transpose_b, alpha } }) => {
    const product = matmul(a!, b!, { transposeA: transpose_a, transposeB: transpose_b });
    return [alpha === 1 ? product : product.mul(alpha)];
  },
});

/** A matrix product for each element of the batch: (B, m, k) times (B, k, n). */
export const batchDotOperator = defineOperator({
  name: 'batch_dot',
  isKept: true,
  parameters: flags,
  inputs: () => ['lhs', 'rhs'],
  record: ({ inputs: [lhs, rhs], parameters: { transpose_a, transpose_b } }) => {
    if (lhs!.shape.length !== 3 || rhs!.shape.length !== 3) {
      throw new RangeError(`lhs ${formatShape(lhs!.shape)} and rhs ${formatShape(rhs!.shape)} need 3 axes each: batch, rows, columns`);
    }
    return [matmul(lhs!, rhs!, { transposeA: transpose_a, transposeB: transpose_b })];
  },
});
