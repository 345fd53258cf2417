import { classIds } from '../classification/class-predictions.js';
import { sameShape } from '../host-array.js';
import type { MetricDefinition } from '../metric-definition.js';
import { misfit, type Pair } from '../metric-update.js';
import { pairwise } from './pairwise.js';

/** Counts of samples by predicted class (row) and label (column), row-major; it grows with the classes seen. */
export type Confusion = { readonly confusion: readonly number[] };

/** How predictions become classes. */
export interface ConfusionOptions {
  /** Whether there are two classes, of which predictions may be scores of class 1, or any number below 8192. */
  readonly task: 'binary' | 'multiclass';
  /** The axis of the predictions that runs over the classes, where they have another shape than the labels. */
  readonly axis: number;
  /** Score of class 1 above which it is predicted; read in a binary task alone. */
  readonly threshold: number;
}

const nothing: Confusion = { confusion: [0, 0, 0, 0] };
// The matrix is dense: 8192 classes are half a gigabyte.
const maximumClasses = 8192;

/** The state of every metric that is a function of a confusion matrix. In a binary task, predictions of the label's shape are scores of class 1. */
export function confusionState({ task, axis, threshold }: ConfusionOptions): Omit<MetricDefinition<Confusion>, 'compute'> & { readonly kind: string } {
  const idsOf = (pair: Pair) => {
    const isScore = task === 'binary' && sameShape(pair.label.shape, pair.pred.shape);
    const scored = isScore ? { ...pair, pred: { ...pair.pred, data: Array.from(pair.pred.data, score => Number(score > threshold)) } } : pair;
    return countPairs(scored, axis, task === 'binary' ? 2 : maximumClasses);
  };
  return { ...confusionOf(idsOf), kind: task === 'binary' ? `confusion of 2 along ${axis} above ${threshold}` : `confusion along ${axis}` };
}

/** The state of a metric that counts each pair its own way. */
export function confusionOf(count: (pair: Pair) => Confusion): Omit<MetricDefinition<Confusion>, 'compute'> {
  return { ...pairwise(() => nothing, mergeConfusion, count), isConsistent: ({ confusion }) => Number.isInteger(classesOf(confusion)) };
}

export function classesOf(confusion: readonly number[]): number {
  return Math.sqrt(confusion.length);
}

/** Totals by predicted class and by label, and of all. */
export function marginsOf({ confusion }: Confusion): { classes: number; predicted: number[]; labelled: number[]; total: number } {
  const classes = classesOf(confusion);
  const predicted = new Array<number>(classes).fill(0);
  const labelled = new Array<number>(classes).fill(0);
  let total = 0;
  confusion.forEach((count, i) => {
    predicted[Math.floor(i / classes)]! += count;
    labelled[i % classes]! += count;
    total += count;
  });
  return { classes, predicted, labelled, total };
}

function mergeConfusion(a: Confusion, b: Confusion): Confusion {
  if (a === nothing) return b;
  if (b === nothing) return a;
  const [large, small] = a.confusion.length < b.confusion.length ? [b.confusion, a.confusion] : [a.confusion, b.confusion];
  const stride = classesOf(large);
  const size = classesOf(small);
  const sum = [...large];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) sum[row * stride + column]! += small[row * size + column]!;
  }
  return { confusion: sum };
}

function countPairs(pair: Pair, axis: number, limit: number): Confusion {
  const { labels, predictions } = classIds(pair, axis);
  let classes = 2;
  for (const ids of [labels, predictions]) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (!(id >= 0 && id < limit)) throw misfit(pair, `class id ${id} is outside 0 to ${limit - 1}`, 'leave padding out and number the classes from 0');
      classes = Math.max(classes, id + 1);
    }
  }
  return countIds(labels, predictions, classes);
}

export function countIds(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): Confusion {
  const confusion = new Array<number>(classes * classes).fill(0);
  for (let i = 0; i < labels.length; i++) confusion[predictions[i]! * classes + labels[i]!]!++;
  return { confusion };
}
