import { add, less, matmul, maximum, mul, neg, reshape, sub, sum, tanh, transpose, where, type NDArray, type Shape } from '@lossworks/ndarray';
import fc from 'fast-check';
import type { Recorded } from './sample-programs.js';

export interface Expression {
  readonly text: string;
  readonly f: Recorded;
}

type Step = (a: NDArray, b: NDArray) => NDArray;

/** Steps from two arrays that broadcast with [2, 3] to one that does. */
const steps: { readonly [name: string]: Step } = {
  add, sub, mul, maximum,
  tanh: (a) => tanh(a),
  neg: (a) => neg(a),
  where: (a, b) => where(less(a, b), a, mul(b, 0.5)),
  total: (a) => sum(a),
  rows: (a, b) => sum(add(a, b).broadcastTo([2, 3]), { axes: 1, keepDims: true }),
  columns: (a) => sum(a.broadcastTo([2, 3]), { axes: 0 }),
  product: (a, b) => matmul(a.broadcastTo([2, 3]), matmul(b.broadcastTo([2, 3]), a.broadcastTo([2, 3]), { transposeA: true })),
  turned: (a) => reshape(transpose(a.broadcastTo([2, 3])), [2, 3]),
};

/** Random programs: each step takes two of the arrays before it; the last three arrays are the outputs. */
export function expressions(shapes: readonly Shape[]): fc.Arbitrary<Expression> {
  const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(), fc.nat());
  return fc.array(step, { minLength: 1, maxLength: 8 }).map((list) => ({
    text: JSON.stringify(list),
    f: (inputs) => {
      const arrays = [...inputs];
      for (const [name, a, b] of list) arrays.push(tanh(steps[name]!(arrays[a % arrays.length]!, arrays[b % arrays.length]!)));
      return arrays.slice(Math.max(shapes.length, arrays.length - 3));
    },
  }));
}
