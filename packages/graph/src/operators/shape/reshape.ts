import { formatShape, reshape, sizeOf, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, tuple } from '../parameters/index.js';

const codes = `n > 0 is a length, 0 copies one, -1 takes what is left, -2 copies all the rest, -3 joins two, -4 splits one into the next two numbers.`;

/** The same elements in row-major order with other axes. */
export const reshapeOperator = defineOperator({
  name: 'Reshape',
  aliases: ['reshape'],
  parameters: {
    shape: tuple(`The new lengths: ${codes}`, { fallback: [] }),
    reverse: bool('Work the codes out from the last axis.', { fallback: false }),
    target_shape: tuple('The older form of shape: 0 takes what is left.', { fallback: [] }),
    keep_highest: bool('With target_shape: keep the first length.', { fallback: false }),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { shape, reverse, target_shape, keep_highest } }) => {
    const result = shape.length > 0 ? reshapedShape(data!.shape, shape, reverse) : olderShape(data!.shape, target_shape, keep_highest);
    if (sizeOf(result) !== sizeOf(data!.shape)) {
      throw new RangeError(`shape ${formatShape(shape.length > 0 ? shape : target_shape)} makes ${formatShape(result)} of data ${formatShape(data!.shape)}, which has another number of elements; let one axis be -1`);
    }
    return [reshape(data!, result)];
  },
});

/**
 * The lengths that MXNet's reshape codes stand for.
 * @throws RangeError for codes that need more axes than the source has, two unknown lengths, and splits that do not multiply up
 */
export function reshapedShape(source: Shape, codes: Shape, reverse: boolean): number[] {
  if (!reverse) return fromLeft(source, codes);
  // A split keeps its own order when everything else is turned round.
  const turned: number[] = [];
  for (let position = codes.length - 1; position >= 0; position--) {
    if (codes[position - 2] === -4) {
      turned.push(-4, codes[position]!, codes[position - 1]!);
      position -= 2;
    } else {
      turned.push(codes[position]!);
    }
  }
  return fromLeft(source.toReversed(), turned).toReversed();
}

function fromLeft(source: Shape, codes: Shape): number[] {
  const result: number[] = [];
  let cursor = 0;
  let unknown = -1;
  const next = (): number => {
    const length = source[cursor++];
    if (length === undefined) throw new RangeError(`shape ${formatShape(codes)} needs more axes than data ${formatShape(source)} has; use fewer of 0, -3 and -4`);
    return length;
  };
  for (let position = 0; position < codes.length; position++) {
    const code = codes[position]!;
    if (code > 0) {
      result.push(code);
      cursor++;
    } else if (code === 0) {
      result.push(next());
    } else if (code === -1) {
      if (unknown >= 0) throw new RangeError(`shape ${formatShape(codes)} has two lengths of -1; only one can be worked out`);
      unknown = result.push(1) - 1;
      cursor++;
    } else if (code === -2) {
      result.push(...source.slice(cursor));
      cursor = source.length;
    } else if (code === -3) {
      result.push(next() * next());
    } else if (code === -4) {
      result.push(...split(next(), codes[++position], codes[++position], codes));
    } else {
      throw new RangeError(`shape ${formatShape(codes)} holds ${code}; the codes are -1, -2, -3 and -4`);
    }
  }
  if (unknown >= 0) result[unknown] = Math.floor(sizeOf(source) / sizeOf(result));
  return result;
}

function split(length: number, first: number | undefined, second: number | undefined, codes: Shape): readonly [number, number] {
  if (first === undefined || second === undefined || (first === -1 && second === -1)) {
    throw new RangeError(`shape ${formatShape(codes)}: -4 is followed by the two lengths of the split, of which one may be -1`);
  }
  const parts = [first === -1 ? Math.floor(length / second) : first, second === -1 ? Math.floor(length / first) : second] as const;
  if (parts[0] * parts[1] !== length) {
    throw new RangeError(`shape ${formatShape(codes)} splits an axis of ${length} into ${parts[0]}·${parts[1]}; the product must be ${length}`);
  }
  return parts;
}

function olderShape(source: Shape, target: Shape, keepHighest: boolean): number[] {
  if (target.length === 0) throw new RangeError('the parameter shape (tuple of int) is required; Reshape accepts shape, reverse');
  const result = target.map((length, axis) => (keepHighest && axis === 0 ? source[0]! : length));
  const unknown = result.indexOf(0);
  if (unknown >= 0) result[unknown] = Math.floor(sizeOf(source) / sizeOf(result.map((length) => length || 1)));
  return result;
}
