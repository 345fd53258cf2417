import type { Shape } from '@lossworks/ndarray';

/** A shape while it is inferred: a dimension of 0 is unknown; undefined is a shape of which nothing is known. */
export type PartialShape = Shape | undefined;

/** What both say together; `'conflict'` where they contradict each other. */
export function mergeShapes(a: PartialShape, b: PartialShape): PartialShape | 'conflict' {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.length !== b.length) return 'conflict';
  const merged: number[] = [];
  for (const [axis, dimension] of a.entries()) {
    const other = b[axis]!;
    if (dimension !== 0 && other !== 0 && dimension !== other) return 'conflict';
    merged.push(dimension || other);
  }
  return merged;
}

/** What all of them say together; where two contradict each other the earlier one counts, and the node's shapes then show the conflict. */
export function commonShape(shapes: readonly PartialShape[]): PartialShape {
  let common: PartialShape;
  for (const shape of shapes) {
    const merged = mergeShapes(common, shape);
    if (merged !== 'conflict') common = merged;
  }
  return common;
}

export function isComplete(shape: PartialShape): shape is Shape {
  return shape !== undefined && shape.every((dimension) => dimension > 0);
}
