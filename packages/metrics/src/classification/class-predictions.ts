import { sameShape, sizeOf, type HostArray } from '../host-array.js';
import { misfit, type Pair } from '../metric-update.js';

/** Class ids of a pair, one a sample, both cut to whole numbers as MXNet's cast to int32 does. */
export interface ClassIds {
  readonly labels: ArrayLike<number>;
  readonly predictions: ArrayLike<number>;
}

/** Predictions of the label's own shape are class ids already; others are scores, and the class is the largest along `axis`. */
export function classIds(pair: Pair, axis: number): ClassIds {
  const { label, pred } = pair;
  const predictions = sameShape(label.shape, pred.shape) ? Array.from(pred.data, Math.trunc) : argMax(pair, axis);
  const labels = Array.from(label.data, Math.trunc);
  if (labels.length !== predictions.length) {
    throw misfit(
      pair,
      `${labels.length} labels against ${predictions.length} predicted classes (largest along axis ${axis})`,
      'give one label a prediction, or set axis to the one that runs over the classes',
    );
  }
  return { labels, predictions };
}

/** Throws unless the predictions are one row of class scores a sample, and returns both lengths. */
export function scoreRows(pair: Pair): { samples: number; classes: number } {
  const [samples, classes] = pair.pred.shape;
  if (pair.pred.shape.length !== 2 || samples === undefined || classes === undefined) {
    throw misfit(pair, `predictions must have 2 axes (samples, classes), not ${pair.pred.shape.length}`, 'reshape them to [samples, classes]');
  }
  if (sizeOf(pair.label.shape) !== samples) {
    throw misfit(pair, `${sizeOf(pair.label.shape)} labels against ${samples} rows of predictions`, 'give one label a row');
  }
  return { samples, classes };
}

/** The label of a sample as a class id; throws unless it is one of the classes. */
export function labelOf(pair: Pair, sample: number, classes: number): number {
  const label = Math.trunc(pair.label.data[sample]!);
  if (label >= 0 && label < classes) return label;
  throw misfit(pair, `label ${pair.label.data[sample]} of sample ${sample} is none of the ${classes} classes`, 'leave padding out, or use perplexity with ignoreLabel');
}

/** Throws unless labels and scores are rows of as many labels, `[samples, labels]`. */
export function labelRows(pair: Pair): number {
  const { label, pred } = pair;
  if (!sameShape(label.shape, pred.shape) || label.shape.length !== 2) {
    throw misfit(pair, 'a multilabel task needs both as [samples, labels]', 'give every label a 0 or 1 and a score');
  }
  return label.shape[1]!;
}

/** Index of the largest value along `axis`, the lowest of equals; row-major over the other axes. */
function argMax(pair: Pair, axis: number): number[] {
  const { data, shape }: HostArray = pair.pred;
  const normalized = axis < 0 ? axis + shape.length : axis;
  const length = shape[normalized];
  if (length === undefined || length === 0) {
    const wayOut = "set axis to the one that runs over the classes, or give class ids of the label's shape";
    throw misfit(pair, `the predictions have no classes along axis ${axis}`, wayOut);
  }
  const outer = sizeOf(shape.slice(0, normalized));
  const inner = sizeOf(shape.slice(normalized + 1));
  const result = new Array<number>(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * length * inner + i;
      let best = 0;
      for (let k = 1; k < length; k++) {
        if (data[start + k * inner]! > data[start + best * inner]!) best = k;
      }
      result[o * inner + i] = best;
    }
  }
  return result;
}
