import type { BoxDelta } from './box-coding.js';
import type { Region } from './region-record.js';

/** Means and deviations of the deltas of each class, class after class, four numbers each; 0 and 1 for the background. */
export interface DeltaStatistics {
  readonly means: readonly BoxDelta[];
  readonly deviations: readonly BoxDelta[];
}

/** A class whose deltas hardly differ would be blown up without end. */
const smallestDeviation = 1e-3;

/** Over all regions that are foreground. A class with fewer than two keeps mean 0 and deviation 1. */
export function deltaStatistics(images: readonly (readonly Region[])[], { classes, foreground }: { readonly classes: number; readonly foreground: number }): DeltaStatistics {
  const counts = new Float64Array(classes);
  const sums = Array.from({ length: classes }, () => new Float64Array(4));
  const squares = Array.from({ length: classes }, () => new Float64Array(4));
  for (const { overlap, classId, delta } of images.flat()) {
    if (overlap < foreground) continue;
    counts[classId]!++;
    delta.forEach((value, i) => {
      sums[classId]![i]! += value;
      squares[classId]![i]! += value * value;
    });
  }
  const each = (value: (classId: number, i: number) => number, otherwise: number) =>
    Array.from({ length: classes }, (_, classId) => [0, 1, 2, 3].map((i) => (counts[classId]! < 2 ? otherwise : value(classId, i))) as unknown as BoxDelta);
  const mean = (classId: number, i: number) => sums[classId]![i]! / counts[classId]!;
  const deviation = (classId: number, i: number) => Math.sqrt(Math.max(squares[classId]![i]! / counts[classId]! - mean(classId, i) ** 2, smallestDeviation ** 2));
  return { means: each(mean, 0), deviations: each(deviation, 1) };
}

export function normalized(delta: BoxDelta, classId: number, { means, deviations }: DeltaStatistics): BoxDelta {
  return delta.map((value, i) => (value - means[classId]![i]!) / deviations[classId]![i]!) as unknown as BoxDelta;
}
