import type { HostArray } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { misfit, type Pair } from '../metric-update.js';
import { samplesState, type Samples } from '../state/samples.js';
import { bestMatches, type Box } from './match-boxes.js';

/** The precision that detections still have at a recall or above, made one number. */
const interpolations = {
  /** Mean at the recalls 0, 0.1 … 1 (VOC 2007). */
  '11-point': (curve: PrecisionRecall) => meanAt(curve, 10),
  /** Mean at 0, 0.01 … 1 (COCO). */
  '101-point': (curve: PrecisionRecall) => meanAt(curve, 100),
  /** Area under the steps (VOC 2010). */
  area: ({ recall, precision }: PrecisionRecall) => recall.reduce((sum, value, i) => sum + (value - (recall[i - 1] ?? 0)) * precision[i]!, 0),
} as const;

/** Recall rises and precision falls along the detections, from the surest to the least. */
interface PrecisionRecall {
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

const [boxWidth, detectionWidth] = [6, 7];

/**
 * Mean over classes, and over thresholds of the intersection over union, of the average precision of boxes (Everingham et al. 2010, Lin et al. 2014).
 * Labels are rows `[image, class, left, top, right, bottom]`, predictions `[image, class, score, left, top, right, bottom]`; images are numbered
 * across batches. `threshold` 'coco' is 0.5, 0.55 … 0.95, and `interpolation` '101-point', '11-point' or 'area'. `details()` holds the average
 * precision of every class and, for a single threshold, its recall and precision along the detections. Keeps every box.
 *
 * @throws RangeError for a `threshold` outside (0, 1], or another `interpolation`.
 */
export const BoxMeanAveragePrecision = metricClass({
  className: 'BoxMeanAveragePrecision',
  names: ['box_map', 'mean_average_precision'],
  displayName: 'box-map',
  parameters: { threshold: 'coco' as 'coco' | number, interpolation: '101-point' as keyof typeof interpolations, maxDetections: 100 },
  choices: { interpolation: interpolations },
  define({ threshold, interpolation, maxDetections }) {
    const thresholds = threshold === 'coco' ? Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i) : [threshold];
    if (!thresholds.every(each => each > 0 && each <= 1)) throw new RangeError(`BoxMeanAveragePrecision: threshold is ${threshold}; give 'coco' or a number above 0, at most 1`);
    const ofClasses = ({ labels, values }: Samples): { id: number; value: number; curves: PrecisionRecall[] }[] => {
      const truths = boxesOf(labels, boxWidth);
      const detections = boxesOf(values, detectionWidth);
      return [...new Set(truths.map(box => box.classId))].sort((a, b) => a - b).map(id => {
        const [ofClass, found] = [truths, detections].map(boxes => boxes.filter(({ classId }) => classId === id)) as [Box[], Box[]];
        const curves = thresholds.map(least => curveOf(bestMatches(ofClass, found, least, maxDetections), ofClass.length));
        return { id, value: curves.reduce((sum, curve) => sum + interpolations[interpolation](curve), 0) / curves.length, curves };
      });
    };
    return {
      ...samplesState('boxes', pair => ({ width: 0, labels: rowsOf(pair, pair.label, boxWidth), values: rowsOf(pair, pair.pred, detectionWidth) })),
      compute(state: Samples) {
        const each = ofClasses(state);
        return each.reduce((sum, { value }) => sum + value, 0) / each.length;
      },
      details(state: Samples) {
        const each = ofClasses(state);
        const single = thresholds.length === 1 && { recall: each.map(({ curves: [curve] }) => curve!.recall), precision: each.map(({ curves: [curve] }) => curve!.precision) };
        return { classes: each.map(({ id }) => id), averagePrecision: each.map(({ value }) => value), ...single };
      },
      isConsistent: ({ labels, values }: Samples) => labels.length % boxWidth === 0 && values.length % detectionWidth === 0,
    };
  },
});

function rowsOf(pair: Pair, { data, shape }: HostArray, width: number): number[] {
  if (shape.length !== 2 || shape[1] !== width) {
    throw misfit(pair, `boxes have rows of ${boxWidth} numbers, detections of ${detectionWidth}`, 'give [image, class, left, top, right, bottom], with the score after the class in predictions');
  }
  return Array.from(data);
}

function boxesOf(rows: readonly number[], width: number): Box[] {
  return Array.from({ length: rows.length / width }, (_, i) => {
    const row = rows.slice(i * width, (i + 1) * width);
    const [left, top, right, bottom] = row.slice(-4) as [number, number, number, number];
    return { image: row[0]!, classId: row[1]!, score: width === detectionWidth ? row[2]! : 1, left, top, right, bottom };
  });
}

/** Precision is made to fall: at each detection the best from there on. */
function curveOf(hits: readonly boolean[], truths: number): PrecisionRecall {
  let found = 0;
  const recall: number[] = [];
  const precision: number[] = [];
  hits.forEach((isHit, i) => {
    found += Number(isHit);
    recall.push(found / truths);
    precision.push(found / (i + 1));
  });
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i]!, precision[i + 1]!);
  return { recall, precision };
}

function meanAt({ recall, precision }: PrecisionRecall, parts: number): number {
  let sum = 0;
  for (let i = 0; i <= parts; i++) {
    // Multiples of the rounded step, as COCO's and VOC's own evaluations take them: 35 · 0.01 is above 0.35, and a recall of 7/20 does not reach it.
    const wanted = i * (1 / parts);
    const at = recall.findIndex(value => value >= wanted);
    sum += at < 0 ? 0 : precision[at]!;
  }
  return sum / (parts + 1);
}
