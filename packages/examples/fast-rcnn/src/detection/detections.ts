import { type Box, clipped, type ImageSize, isBox } from './box.js';
import { type BoxDelta, decodeBox } from './box-coding.js';
import { nonMaximumSuppression, type ScoredBox } from './non-maximum-suppression.js';

/** A found object. */
export interface Detection extends ScoredBox {
  readonly classId: number;
}

export const detectionDefaults = {
  /** Boxes below this probability are no candidates. */
  leastScore: 1e-3,
  /** Of two boxes of one class that overlap by more, the surer one stays. */
  suppression: 0.3,
  /** Whether the regression moves the boxes; without, the regions stay as proposed. */
  regression: true,
};

export type DetectionOptions = typeof detectionDefaults;

/** What a network says about an image's regions. */
export interface RegionOutputs {
  readonly regions: readonly Box[];
  /** Regions × classes. */
  readonly probabilities: ArrayLike<number>;
  /** Regions × 4 · classes: deltas, not normalised. */
  readonly deltas: ArrayLike<number>;
}

/** The objects of an image: each region moved once for every class, cut off at the edges, and thinned out class by class; the background left out. */
export function detections({ regions, probabilities, deltas }: RegionOutputs, size: ImageSize, options: Partial<DetectionOptions> = {}): Detection[] {
  const { leastScore, suppression, regression } = { ...detectionDefaults, ...options };
  const classes = probabilities.length / Math.max(regions.length, 1);
  return Array.from({ length: Math.max(classes - 1, 0) }, (_, i) => i + 1).flatMap((classId) => {
    const candidates = regions.flatMap((region, row) => {
      const score = probabilities[row * classes + classId]!;
      if (!(score >= leastScore)) return [];
      const at = 4 * (row * classes + classId);
      const delta: BoxDelta = [deltas[at]!, deltas[at + 1]!, deltas[at + 2]!, deltas[at + 3]!];
      const box = clipped(regression ? decodeBox(region, delta) : region, size);
      return isBox(box) ? [{ box, score, classId }] : [];
    });
    return nonMaximumSuppression(candidates, suppression);
  });
}
