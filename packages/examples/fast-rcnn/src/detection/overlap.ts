import { type Box, heightOf, widthOf } from './box.js';

/** Intersection over union of two boxes, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

/** Pixels that both boxes hold. */
export function intersection(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
  return width > 0 && height > 0 ? width * height : 0;
}

export function areaOf(box: Box): number {
  return widthOf(box) * heightOf(box);
}

export interface BestOverlap {
  /** Which of the others overlaps most, the first of equal ones; −1 where there are none. */
  readonly index: number;
  readonly overlap: number;
}

/** For each box the one of the others that overlaps it most. */
export function bestOverlaps(boxes: readonly Box[], others: readonly Box[]): BestOverlap[] {
  return boxes.map((box) =>
    others.reduce<BestOverlap>(
      (best, other, index) => {
        const share = overlap(box, other);
        return share > best.overlap || best.index < 0 ? { index, overlap: share } : best;
      },
      { index: -1, overlap: 0 },
    ),
  );
}

/** Share of the true boxes that some proposal overlaps by at least so much; NaN without true boxes. */
export function recall(truths: readonly (readonly Box[])[], proposals: readonly (readonly Box[])[], least: number): number {
  const best = truths.flatMap((boxes, image) => bestOverlaps(boxes, proposals[image]!));
  return best.filter((each) => each.overlap >= least).length / best.length;
}
