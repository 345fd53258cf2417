import type { Shape } from '@lossworks/ndarray';

/** A shape while it is inferred: a dimension of 0 is unknown; undefined is a shape of which nothing is known. */
export type PartialShape = Shape | undefined;

/** What both say together, the first itself where the second adds nothing; `'conflict'` where they contradict each other. */
export function mergeShapes(a: PartialShape, b: PartialShape): PartialShape | 'conflict' {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  if (a.length !== b.length) return 'conflict';
  let merged: number[] | undefined;
  for (let axis = 0; axis < a.length; axis++) {
    const other = b[axis]!;
    if (other === a[axis] || other === 0) continue;
    if (a[axis] !== 0) return 'conflict';
    merged ??= [...a];
    merged[axis] = other;
  }
  return merged ?? a;
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

/** Whether all lengths are known; 0 stands for an unknown one, as in MXNet. */
export function isComplete(shape: PartialShape): shape is Shape {
  return shape !== undefined && shape.every((dimension) => dimension > 0);
}
