import { formatShape, type Shape } from '@lossworks/ndarray';

/** −1 is the last axis. Throws a RangeError for an axis that `count` axes do not have. */
export function axisOf(axis: number, count: number, name = 'axis'): number {
  const positive = axis < 0 ? axis + count : axis;
  if (positive < 0 || positive >= count) throw new RangeError(`${name} ${axis} does not exist; there are ${count} axes, ${-count}..${count - 1}`);
  return positive;
}

/** The same for an axis of data of this shape. */
export function axisIn(axis: number, shape: Shape, name = 'axis'): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  if (positive < 0 || positive >= shape.length) {
    throw new RangeError(`${name} ${axis} does not exist in data ${formatShape(shape)}; give one from ${-shape.length} to ${shape.length - 1}`);
  }
  return positive;
}
