import type { Box } from './box.js';
import { overlap } from './overlap.js';

/** A box with the probability of its class. */
export interface ScoredBox {
  readonly box: Box;
  readonly score: number;
}

/** The surest boxes that no surer one overlaps by more than the threshold, surest first; of equal scores the first. */
export function nonMaximumSuppression<B extends ScoredBox>(boxes: readonly B[], threshold: number): B[] {
  const kept: B[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => overlap(box, candidate.box) <= threshold)) kept.push(candidate);
  }
  return kept;
}
