import type { DType, Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { at, build, type ReferenceArray } from './reference-array.js';

type Operands = readonly ReferenceArray[];

/** A constant is a number of its element type: 0.1 is the float32 number next to it, for every engine. */
function constant({ value, dtype }: PrimitiveAttributes['constant']): ReferenceArray {
  return build([], dtype, () => typed(value, dtype));
}

function typed(value: number, dtype: DType): number {
  return dtype === 'float32' ? Math.fround(value) : value;
}

function iota({ length }: PrimitiveAttributes['iota']): ReferenceArray {
  return build([length], 'int32', ([i]) => i!);
}

function reshape({ shape }: PrimitiveAttributes['reshape'], [x]: Operands): ReferenceArray {
  return build(shape, x!.dtype, (_, i) => x!.data[i]!);
}

function transpose({ permutation }: PrimitiveAttributes['transpose'], [x]: Operands): ReferenceArray {
  const source = x!.shape.map(() => 0);
  return build(permutation.map((axis) => x!.shape[axis]!), x!.dtype, (position) => {
    permutation.forEach((axis, i) => (source[axis] = position[i]!));
    return at(x!, source);
  });
}

function broadcastTo({ shape }: PrimitiveAttributes['broadcastTo'], [x]: Operands): ReferenceArray {
  const added = shape.length - x!.shape.length;
  return build(shape, x!.dtype, (position) => at(x!, x!.shape.map((length, axis) => (length === 1 ? 0 : position[axis + added]!))));
}

function slice({ begin, end, steps }: PrimitiveAttributes['slice'], [x]: Operands): ReferenceArray {
  const lengths = x!.shape.map((_, axis) => {
    let length = 0;
    for (let i = begin[axis]!; i < end[axis]!; i += steps[axis]!) length++;
    return length;
  });
  return build(lengths, x!.dtype, (position) => at(x!, position.map((i, axis) => begin[axis]! + i * steps[axis]!)));
}

function pad({ before, after, value }: PrimitiveAttributes['pad'], [x]: Operands): ReferenceArray {
  return build(x!.shape.map((length, axis) => before[axis]! + length + after[axis]!), x!.dtype, (position) => {
    const source = position.map((i, axis) => i - before[axis]!);
    return source.every((i, axis) => i >= 0 && i < x!.shape[axis]!) ? at(x!, source) : typed(value, x!.dtype);
  });
}

function concat({ axis }: PrimitiveAttributes['concat'], operands: Operands): ReferenceArray {
  const [first] = operands;
  const total = operands.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return build(first!.shape.map((length, i) => (i === axis ? total : length)), first!.dtype, (position) => {
    const source = [...position];
    for (const operand of operands) {
      if (source[axis]! < operand.shape[axis]!) return at(operand, source);
      source[axis]! -= operand.shape[axis]!;
    }
    throw new Error('concat: a position behind the last operand');
  });
}

function reverse({ axes }: PrimitiveAttributes['reverse'], [x]: Operands): ReferenceArray {
  return build(x!.shape, x!.dtype, (position) => at(x!, position.map((i, axis) => (axes.includes(axis) ? x!.shape[axis]! - 1 - i : i))));
}

export const shaping = { constant, iota, reshape, transpose, broadcastTo, slice, pad, concat, reverse } satisfies Partial<Record<Primitive, unknown>>;
