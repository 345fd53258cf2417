import { formatShape, reverse, slice, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { int, openTuple, optional } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** The elements from `begin` up to `end` along one axis; negative bounds count from the end. */
export const sliceAxisOperator = defineOperator({
  name: 'slice_axis',
  parameters: {
    axis: int('The axis.'),
    begin: int('The first element.'),
    end: optionalEnd(),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { axis: given, begin, end } }) => {
    const { shape } = data!;
    const axis = axisIn(given, shape);
    const length = shape[axis]!;
    const from = begin < 0 ? begin + length : begin;
    const to = end === null ? length : end < 0 ? end + length : end;
    if (from < 0 || to > length || from >= to) {
      throw new RangeError(`begin ${begin} and end ${end ?? 'None'} are no range of axis ${axis} of data ${formatShape(shape)}; they lie within 0..${length}, begin before end`);
    }
    return [sliceAlong(data!, axis, from, to)];
  },
});

/** Required in MXNet too, though None is a value: to the end. */
function optionalEnd() {
  return optional(int('The element behind the last one; None for all that are left.'));
}

export function sliceAlong(x: NDArray, axis: number, from: number, to: number): NDArray {
  return slice(
    x,
    x.shape.map((_, position) => (position === axis ? from : 0)),
    x.shape.map((length, position) => (position === axis ? to : length)),
  );
}

/** A box out of the first axes, with steps; bounds left open (None) reach to the end. */
export const sliceOperator = defineOperator({
  name: 'slice',
  parameters: {
    begin: openTuple('The first element along each axis.'),
    end: openTuple('The element behind the last one along each axis.'),
    step: openTuple('Distance of the elements along each axis; negative backwards.', { fallback: [] }),
  },
  inputs: () => ['data'],
  record: ({ inputs: [data], parameters: { begin, end, step } }) => {
    const { shape } = data!;
    if (begin.length > shape.length || begin.length !== end.length) {
      throw new RangeError(`begin has ${begin.length} bounds and end ${end.length} for data ${formatShape(shape)}; give equally many, at most one an axis`);
    }
    const ranges = shape.map((length, axis) => range(length, begin[axis] ?? null, end[axis] ?? null, step[axis] ?? 1, axis, shape));
    const backward = ranges.flatMap((one, axis) => (one.isReversed ? [axis] : []));
    const forward = backward.length > 0 ? reverse(data!, backward) : data!;
    return [slice(forward, ranges.map((one) => one.from), ranges.map((one) => one.to), ranges.map((one) => one.step))];
  },
});

function range(length: number, begin: number | null, end: number | null, step: number, axis: number, shape: Shape) {
  if (step === 0) throw new RangeError(`step 0 along axis ${axis} does not move; give 1 or more, or a negative one`);
  const isReversed = step < 0;
  const within = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, isReversed ? -1 : 0), isReversed ? length - 1 : length);
  const from = begin === null ? (isReversed ? length - 1 : 0) : within(begin);
  const to = end === null ? (isReversed ? -1 : length) : within(end);
  if (isReversed ? to >= from : to <= from) {
    throw new RangeError(`begin ${begin ?? 'None'} and end ${end ?? 'None'} hold nothing of axis ${axis} of data ${formatShape(shape)}; begin must be before end`);
  }
  // Backwards is forwards in the reversed array.
  return isReversed ? { from: length - 1 - from, to: length - 1 - to, step: -step, isReversed } : { from, to, step, isReversed };
}
