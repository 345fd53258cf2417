import type { Embedding } from '@lossworks/example-kit';

/**
 * How far points lie from the mean of their own class, against how far the means of the classes lie apart: the within-class over the between-class
 * variance of Fisher's discriminant, mean ‖x − m_y‖² / mean ‖m_k − m̄‖². It has no unit, so embeddings of different size compare; smaller is tighter.
 * Classes without points do not count.
 */
export function spread({ points, labels }: Pick<Embedding, 'points' | 'labels'>, classes = 10): number {
  const means = classMeans({ points, labels }, classes);
  let within = 0;
  for (let i = 0; i < labels.length; i++) {
    within += squaredDistance(points[2 * i]!, points[2 * i + 1]!, means[2 * labels[i]!]!, means[2 * labels[i]! + 1]!);
  }
  const present = Array.from({ length: classes }, (_, k) => k).filter((k) => !Number.isNaN(means[2 * k]!));
  const middleX = average(present.map((k) => means[2 * k]!));
  const middleY = average(present.map((k) => means[2 * k + 1]!));
  const between = average(present.map((k) => squaredDistance(means[2 * k]!, means[2 * k + 1]!, middleX, middleY)));
  return within / labels.length / between;
}

/** x and y of the mean of every class, NaN where it has no points. */
export function classMeans({ points, labels }: Pick<Embedding, 'points' | 'labels'>, classes = 10): Float32Array {
  const sums = new Float64Array(2 * classes);
  const counts = new Uint32Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    sums[2 * label]! += points[2 * i]!;
    sums[2 * label + 1]! += points[2 * i + 1]!;
    counts[label]!++;
  }
  return Float32Array.from(sums, (sum, i) => sum / counts[i >> 1]!);
}

function squaredDistance(ax: number, ay: number, bx: number, by: number): number {
  return (ax - bx) ** 2 + (ay - by) ** 2;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
