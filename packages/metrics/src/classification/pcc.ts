import { metricClass } from '../metric-class.js';
import type { MetricDefinition } from '../metric-definition.js';
import { misfit, pairsOf, type Pair } from '../metric-update.js';
import { classIds } from './class-predictions.js';

/** Square confusion matrix, row-major: rows are predicted classes, columns labels. */
type Confusion = { readonly confusion: readonly number[] };

// The matrix is dense: 8192 classes are half a gigabyte.
const maximumClasses = 8192;

/** Correlation between label and prediction over any number of classes (MXNet `PCC`); MCC's value for two. NaN where either is constant. */
export const PCC = metricClass({
  className: 'PCC',
  names: ['pcc'],
  displayName: 'pcc',
  parameters: {},
  define(): MetricDefinition<Confusion> {
    return {
      initial: () => ({ confusion: [0, 0, 0, 0] }),
      measure: update => pairsOf(update).map(confusionOf).reduce(merge, { confusion: [0, 0, 0, 0] }),
      merge,
      compute: correlation,
      isConsistent: ({ confusion }) => Number.isInteger(classesOf(confusion)),
    };
  },
});

function classesOf(confusion: readonly number[]): number {
  return Math.sqrt(confusion.length);
}

function merge(a: Confusion, b: Confusion): Confusion {
  const [large, small] = a.confusion.length < b.confusion.length ? [b.confusion, a.confusion] : [a.confusion, b.confusion];
  const stride = classesOf(large);
  const size = classesOf(small);
  const sum = [...large];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) sum[row * stride + column]! += small[row * size + column]!;
  }
  return { confusion: sum };
}

function confusionOf(pair: Pair): Confusion {
  const { labels, predictions } = classIds(pair, 1);
  let classes = 2;
  for (const ids of [labels, predictions]) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (!(id >= 0 && id < maximumClasses)) {
        throw misfit(pair, `class id ${id} is outside 0 to ${maximumClasses - 1}`, 'leave padding out and number the classes from 0');
      }
      classes = Math.max(classes, id + 1);
    }
  }
  const confusion = new Array<number>(classes * classes).fill(0);
  for (let i = 0; i < labels.length; i++) confusion[predictions[i]! * classes + labels[i]!]!++;
  return { confusion };
}

function correlation({ confusion }: Confusion): number {
  const classes = classesOf(confusion);
  const predicted = new Array<number>(classes).fill(0);
  const labelled = new Array<number>(classes).fill(0);
  let total = 0;
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const count = confusion[row * classes + column]!;
      predicted[row]! += count;
      labelled[column]! += count;
      total += count;
    }
  }
  // cov(a, b) = Σᵢ (Cᵢᵢ·n − aᵢ·bᵢ); with itself Σᵢ aᵢ(n − aᵢ)
  let joint = 0;
  let ofPredicted = 0;
  let ofLabelled = 0;
  for (let k = 0; k < classes; k++) {
    const [x, y] = [predicted[k]!, labelled[k]!];
    joint += confusion[k * classes + k]! * total - x * y;
    ofPredicted += x * (total - x);
    ofLabelled += y * (total - y);
  }
  return ofPredicted === 0 || ofLabelled === 0 ? Number.NaN : joint / Math.sqrt(ofPredicted * ofLabelled);
}
