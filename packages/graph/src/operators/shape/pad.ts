import { concat, formatShape, pad, reverse, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { choice, float, tuple } from '../parameters/index.js';
import { sliceAlong } from './slice.js';

/** Elements added around the spatial axes of data with 4 or 5 axes. */
export const padOperator = defineOperator({
  name: 'Pad',
  aliases: ['pad'],
  parameters: {
    mode: choice('What is added: one value, the border again, or what mirrors behind it.', ['constant', 'edge', 'reflect']),
    pad_width: tuple('Numbers before and after each axis, one axis behind the other; the first four are 0.', { minimum: 0 }),
    constant_value: float('The value.', { fallback: 0 }),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { mode, pad_width, constant_value } }) => {
    const { shape } = data!;
    if ((shape.length !== 4 && shape.length !== 5) || pad_width.length !== 2 * shape.length) {
      throw new RangeError(`data ${formatShape(shape)} and pad_width ${formatShape(pad_width)} do not fit; data needs 4 or 5 axes, pad_width two numbers for each`);
    }
    if (pad_width.slice(0, 4).some((count) => count !== 0)) throw new RangeError(`pad_width ${formatShape(pad_width)} must start with 0, 0, 0, 0: batch and channels are not padded`);
    const before = shape.map((_, axis) => pad_width[2 * axis]!);
    const after = shape.map((_, axis) => pad_width[2 * axis + 1]!);
    if (mode === 'constant') return [pad(data!, before, after, constant_value)];
    const border = mode === 'edge' ? edge : reflection;
    return [shape.reduce((x, _, axis) => concat([...border(x, axis, before[axis]!, true), x, ...border(x, axis, after[axis]!, false)], axis), data!)];
  },
});

function edge(x: NDArray, axis: number, count: number, isBefore: boolean): NDArray[] {
  const at = isBefore ? 0 : x.shape[axis]! - 1;
  const slice = sliceAlong(x, axis, at, at + 1);
  return Array.from({ length: count }, () => slice);
}

/** The border itself is not repeated. */
function reflection(x: NDArray, axis: number, count: number, isBefore: boolean): NDArray[] {
  const length = x.shape[axis]!;
  if (count === 0) return [];
  if (count >= length) throw new RangeError(`pad_width ${count} of axis ${axis} must be less than its length ${length} to reflect`);
  const part = isBefore ? sliceAlong(x, axis, 1, count + 1) : sliceAlong(x, axis, length - count - 1, length - 1);
  return [reverse(part, [axis])];
}
