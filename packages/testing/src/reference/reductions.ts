import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { at, build, eachPosition, indexOf, type ReferenceArray } from './reference-array.js';

const reduction = (start: number, combine: (a: number, b: number) => number) => ({ axes }: { readonly axes: readonly number[] }, [x]: readonly ReferenceArray[]): ReferenceArray => {
  const remaining = x!.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const result = build(remaining.map((axis) => x!.shape[axis]!), x!.dtype, () => start);
  eachPosition(x!.shape, (position, i) => {
    const target = indexOf(remaining.map((axis) => position[axis]!), result.shape);
    result.data[target] = combine(result.data[target]!, x!.data[i]!);
  });
  return result;
};

function argMax({ axis }: PrimitiveAttributes['argMax'], [x]: readonly ReferenceArray[]): ReferenceArray {
  return build(x!.shape.filter((_, i) => i !== axis), 'int32', (position) => {
    const source = [...position.slice(0, axis), 0, ...position.slice(axis)];
    let best = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < x!.shape[axis]!; i++) {
      source[axis] = i;
      if (at(x!, source) > largest) [best, largest] = [i, at(x!, source)];
    }
    return best;
  });
}

function topK({ axis, count, largest }: PrimitiveAttributes['topK'], [x]: readonly ReferenceArray[]): ReferenceArray {
  return build(x!.shape.map((length, i) => (i === axis ? count : length)), 'int32', (position) => {
    const elementAt = (i: number): number => at(x!, position.map((one, j) => (j === axis ? i : one)));
    const order = Array.from({ length: x!.shape[axis]! }, (_, i) => i);
    // A stable sort; infinities have no difference.
    order.sort((i, j) => (elementAt(i) === elementAt(j) ? 0 : elementAt(i) < elementAt(j) === largest ? 1 : -1));
    return order[position[axis]!]!;
  });
}

function matmul({ transposeA, transposeB }: PrimitiveAttributes['matmul'], [a, b]: readonly ReferenceArray[]): ReferenceArray {
  const [rows, columns] = [a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!];
  const inner = a!.shape.at(transposeA ? -2 : -1)!;
  return build([...a!.shape.slice(0, -2), rows, columns], a!.dtype, (position) => {
    const [leading, row, column] = [position.slice(0, -2), position.at(-2)!, position.at(-1)!];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += at(a!, [...leading, ...(transposeA ? [k, row] : [row, k])]) * at(b!, [...leading, ...(transposeB ? [column, k] : [k, column])]);
    return sum;
  });
}

export const reductions = {
  reduceSum: reduction(0, (a, b) => a + b),
  reduceMax: reduction(Number.NEGATIVE_INFINITY, Math.max),
  reduceMin: reduction(Number.POSITIVE_INFINITY, Math.min),
  reduceProd: reduction(1, (a, b) => a * b),
  argMax,
  topK,
  matmul,
} satisfies Partial<Record<Primitive, unknown>>;
