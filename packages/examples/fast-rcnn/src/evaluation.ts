import { type Detection, detections, type RegionOutputs } from './detection/detections.js';
import { meanAveragePrecision } from './detection/mean-average-precision.js';
import { bestOverlaps } from './detection/overlap.js';
import type { AnnotatedImage } from './detection/region-record.js';

/** Mean average precisions, 0 to 1. `mAP5095` is the mean over overlaps of 0.5, 0.55 … 0.95, the others are areas under the curve but for the 11-point one. */
export interface Precisions {
  readonly mAP50: number;
  readonly mAP50ElevenPoint: number;
  readonly mAP75: number;
  readonly mAP5095: number;
}

export type Found = readonly (readonly Detection[])[];

export function precisions(images: readonly AnnotatedImage[], found: Found): Precisions {
  const value = (threshold: 'coco' | number, interpolation: 'area' | '11-point' | '101-point') => meanAveragePrecision(images, found, { threshold, interpolation });
  return { mAP50: value(0.5, 'area'), mAP50ElevenPoint: value(0.5, '11-point'), mAP75: value(0.75, 'area'), mAP5095: value('coco', '101-point') };
}

/** What a network finds in each image; with `regression: false` in the regions as they were proposed. */
export function detectAll(images: readonly AnnotatedImage[], outputs: readonly RegionOutputs[], { regression = true } = {}): Found {
  return images.map((image, i) => detections(outputs[i]!, image, { regression }));
}

/** What a detector without a mistake could make of the proposals as they are: for every true box the proposal that fits it best, with its true class, the best fitting first. */
export function bestProposals(images: readonly AnnotatedImage[]): Found {
  return images.map(({ truths, classes, proposals }) =>
    bestOverlaps(truths, proposals).flatMap(({ index, overlap }, i) => (index < 0 ? [] : [{ box: proposals[index]!, classId: classes[i]!, score: overlap }])),
  );
}
