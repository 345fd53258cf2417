import { type DeltaStatistics, normalized } from './delta-statistics.js';
import type { Sample } from './region-sampling.js';

export interface BoxTargets {
  /** Class of each region. */
  readonly labels: Float32Array;
  /** Regions × 4 · classes: the normalised delta at the region's class, 0 elsewhere. */
  readonly targets: Float32Array;
  /** Of the same shape: 1 at the four numbers of the region's class, 0 elsewhere and all over the background. */
  readonly weights: Float32Array;
}

/** What a batch's regions should become, as a network with a box a class takes it. */
export function boxTargets(samples: readonly Sample[], { classes, statistics }: { readonly classes: number; readonly statistics: DeltaStatistics }): BoxTargets {
  const width = 4 * classes;
  const labels = Float32Array.from(samples, ({ classId }) => classId);
  const [targets, weights] = [new Float32Array(samples.length * width), new Float32Array(samples.length * width)];
  samples.forEach(({ region: { delta }, classId }, row) => {
    if (classId === 0) return;
    const at = row * width + 4 * classId;
    targets.set(normalized(delta, classId, statistics), at);
    weights.fill(1, at, at + 4);
  });
  return { labels, targets, weights };
}
