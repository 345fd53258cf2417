/** A box of one class in one image; corners in any unit. */
export interface Box {
  readonly image: number;
  readonly classId: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Whether each detection, from the surest to the least, finds a box that no surer one has found: of those with at least the overlap, the one that overlaps
 * most. Of each image only the surest `limit` count.
 */
export function bestMatches(truths: readonly Box[], detections: readonly Box[], overlap: number, limit: number): boolean[] {
  const taken = new Set<Box>();
  const truthsOf = new Map<number, Box[]>();
  for (const truth of truths) truthsOf.set(truth.image, [...(truthsOf.get(truth.image) ?? []), truth]);
  const seen = new Map<number, number>();
  return [...detections]
    // Equal scores go by image, so that it does not matter in which order the images were seen.
    .sort((a, b) => b.score - a.score || a.image - b.image)
    .filter(({ image }) => {
      const count = (seen.get(image) ?? 0) + 1;
      seen.set(image, count);
      return count <= limit;
    })
    .map(detection => {
      let best: Box | undefined;
      // Rounding must not lose a box that overlaps by exactly as much as is asked for.
      let most = Math.min(overlap, 1 - 1e-10);
      for (const truth of truthsOf.get(detection.image) ?? []) {
        if (taken.has(truth)) continue;
        const share = intersectionOverUnion(truth, detection);
        if (share < most) continue;
        most = share;
        best = truth;
      }
      if (best) taken.add(best);
      return best !== undefined;
    });
}

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const height = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const shared = width * height;
  const areaOf = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
  const union = areaOf(a) + areaOf(b) - shared;
  return union > 0 ? shared / union : 0;
}
