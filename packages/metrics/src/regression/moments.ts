import { sameShape } from '../host-array.js';
import type { MetricDefinition } from '../metric-definition.js';
import { misfit, type Pair } from '../metric-update.js';
import { addSums, exactDot, exactSum, nearest, Summation, type ExactSum } from '../state/exact-sum.js';
import { mergeFields, plus } from '../state/merge-fields.js';
import { pairwise } from '../state/pairwise.js';

/** Sums of two variables and of their products. They are exact, so that the cancellation in what is made of them costs nothing. */
export type Moments = {
  /** Pairs of arrays seen, for MXNet's "nothing yet" after `resetLocal`. */
  readonly pairs: number;
  readonly count: number;
  readonly labels: ExactSum;
  readonly preds: ExactSum;
  /** Σl² */
  readonly labelSquares: ExactSum;
  /** Σp² */
  readonly predSquares: ExactSum;
  /** Σl·p */
  readonly products: ExactSum;
};

/** The state of every metric that is a function of means and second moments. */
export const momentsState: Omit<MetricDefinition<Moments>, 'compute'> & { readonly kind: string } = {
  kind: 'moments',
  ...pairwise(
    (): Moments => ({ pairs: 0, count: 0, labels: [], preds: [], labelSquares: [], predSquares: [], products: [] }),
    mergeFields<Moments>({ pairs: plus, count: plus, labels: addSums, preds: addSums, labelSquares: addSums, predSquares: addSums, products: addSums }),
    momentsOf,
  ),
};

export function momentsOf(pair: Pair): Moments {
  const { label, pred } = pair;
  if (!sameShape(label.shape, pred.shape)) throw misfit(pair, 'the shapes differ', 'reshape one to the other');
  const [l, p] = [label.data, pred.data];
  return { pairs: 1, count: l.length, labels: exactSum(l), preds: exactSum(p), labelSquares: exactDot(l, l), predSquares: exactDot(p, p), products: exactDot(l, p) };
}

/** n·Σxy − Σx·Σy = n·Σ(x − x̄)(y − ȳ), rounded once. */
export function central(count: number, products: ExactSum, x: ExactSum, y: ExactSum): number {
  const summation = new Summation().addProductOf([count], products);
  for (const part of x) summation.addProductOf([-part], y);
  return nearest(summation.take());
}

/** Pearson's r; NaN where either variable is constant. */
export function correlationOf({ count, labels, preds, labelSquares, predSquares, products }: Moments): number {
  const scale = Math.sqrt(central(count, labelSquares, labels, labels)) * Math.sqrt(central(count, predSquares, preds, preds));
  return Math.min(1, Math.max(-1, central(count, products, labels, preds) / scale));
}
