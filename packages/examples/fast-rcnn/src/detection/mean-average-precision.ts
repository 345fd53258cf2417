import { BoxMeanAveragePrecision } from '@lossworks/metrics';
import type { AnnotatedImage } from './region-record.js';
import type { Detection } from './detections.js';

export type AveragePrecisionOptions = NonNullable<ConstructorParameters<typeof BoxMeanAveragePrecision>[0]>;

/** Mean average precision of what was found in images, 0 to 1. `threshold`, `interpolation`: see `BoxMeanAveragePrecision`. */
export function meanAveragePrecision(images: readonly TrueBoxes[], found: readonly (readonly Detection[])[], options: AveragePrecisionOptions): number {
  return measured(images, found, options).get()[1] as number;
}

/** Each class with true boxes, its average precision, and along its detections, from the surest on, recall and precision. */
export interface PrecisionRecall {
  readonly classes: readonly number[];
  readonly averagePrecision: readonly number[];
  readonly recall: readonly (readonly number[])[];
  readonly precision: readonly (readonly number[])[];
}

export function precisionRecall(images: readonly TrueBoxes[], found: readonly (readonly Detection[])[], threshold: number): PrecisionRecall {
  return measured(images, found, { threshold, interpolation: 'area' }).details() as unknown as PrecisionRecall;
}

type TrueBoxes = Pick<AnnotatedImage, 'truths' | 'classes'>;

function measured(images: readonly TrueBoxes[], found: readonly (readonly Detection[])[], options: AveragePrecisionOptions) {
  const metric = new BoxMeanAveragePrecision(options);
  // The last pixel is part of a box here, and its far edge there.
  const labels = images.flatMap(({ truths, classes }, image) => truths.flatMap(([left, top, right, bottom], i) => [image, classes[i]!, left, top, right + 1, bottom + 1]));
  const predictions = found.flatMap((detections, image) => detections.flatMap(({ classId, score, box: [left, top, right, bottom] }) => [image, classId, score, left, top, right + 1, bottom + 1]));
  metric.update({ data: labels, shape: [labels.length / 6, 6] }, { data: predictions, shape: [predictions.length / 7, 7] });
  return metric;
}
