import { sameShape } from '../host-array.js';
import type { MetricDefinition } from '../metric-definition.js';
import { misfit, pairsOf, type Pair } from '../metric-update.js';

/** Means and central second moments of two variables, in the form that merges without cancellation (Chan, Golub and LeVeque 1979). */
export type Moments = {
  /** Pairs of arrays seen, for MXNet's "nothing yet" after `resetLocal`. */
  readonly pairs: number;
  readonly count: number;
  readonly labelMean: number;
  readonly predMean: number;
  /** Σ(l − l̄)² */
  readonly labelSquares: number;
  /** Σ(p − p̄)² */
  readonly predSquares: number;
  /** Σ(l − l̄)(p − p̄) */
  readonly products: number;
};

export const noMoments: Moments = { pairs: 0, count: 0, labelMean: 0, predMean: 0, labelSquares: 0, predSquares: 0, products: 0 };

/** The state of every metric that is a function of means and second moments. */
export const momentsState: Omit<MetricDefinition<Moments>, 'compute'> & { readonly kind: string } = {
  kind: 'moments',
  initial: () => noMoments,
  measure: update => pairsOf(update).map(momentsOf).reduce(mergeMoments, noMoments),
  merge: mergeMoments,
};

export function momentsOf(pair: Pair): Moments {
  const { label, pred } = pair;
  if (!sameShape(label.shape, pred.shape)) throw misfit(pair, 'the shapes differ', 'reshape one to the other');
  const count = label.data.length;
  if (count === 0) return { ...noMoments, pairs: 1 };
  let labelMean = 0;
  let predMean = 0;
  for (let i = 0; i < count; i++) {
    labelMean += label.data[i]! / count;
    predMean += pred.data[i]! / count;
  }
  let labelSquares = 0;
  let predSquares = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    const l = label.data[i]! - labelMean;
    const p = pred.data[i]! - predMean;
    labelSquares += l * l;
    predSquares += p * p;
    products += l * p;
  }
  return { pairs: 1, count, labelMean, predMean, labelSquares, predSquares, products };
}

function mergeMoments(a: Moments, b: Moments): Moments {
  const pairs = a.pairs + b.pairs;
  if (a.count === 0) return { ...b, pairs };
  if (b.count === 0) return { ...a, pairs };
  const count = a.count + b.count;
  const labelShift = b.labelMean - a.labelMean;
  const predShift = b.predMean - a.predMean;
  const weight = (a.count * b.count) / count;
  return {
    pairs,
    count,
    labelMean: a.labelMean + (labelShift * b.count) / count,
    predMean: a.predMean + (predShift * b.count) / count,
    labelSquares: a.labelSquares + b.labelSquares + labelShift ** 2 * weight,
    predSquares: a.predSquares + b.predSquares + predShift ** 2 * weight,
    products: a.products + b.products + labelShift * predShift * weight,
  };
}

/** Pearson's r; NaN where either variable is constant. */
export function correlationOf({ labelSquares, predSquares, products }: Moments): number {
  return Math.min(1, Math.max(-1, products / (Math.sqrt(labelSquares) * Math.sqrt(predSquares))));
}
