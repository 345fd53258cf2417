import { metricClass } from '../metric-class.js';
import { nearest, Summation, type ExactSum } from '../state/exact-sum.js';
import { central, momentsState, type Moments } from './moments.js';

/**
 * Share of the labels' variance that is explained, over all elements of one shape: 1 − Σ(l − p)² / Σ(l − l̄)² (scikit-learn `r2_score`). NaN where
 * labels are constant.
 */
export const R2 = metricClass({
  className: 'R2',
  names: ['r2_score'],
  define: () => ({ ...momentsState, compute: (moments: Moments) => explained(moments, moments.count * nearest(errorsOf(moments).squares)) }),
});

/** As R², but a constant offset of the predictions costs nothing: 1 − Var(l − p) / Var(l) (scikit-learn `explained_variance_score`). */
export const ExplainedVariance = metricClass({
  className: 'ExplainedVariance',
  names: ['explained_variance'],
  define: () => ({
    ...momentsState,
    compute(moments: Moments) {
      const { errors, squares } = errorsOf(moments);
      return explained(moments, central(moments.count, squares, errors, errors));
    },
  }),
});

/** Agreement of labels and predictions on the diagonal, over all elements of one shape: 2·cov / (σ²ₗ + σ²ₚ + (l̄ − p̄)²) (Lin 1989). */
export const Concordance = metricClass({
  className: 'Concordance',
  names: ['ccc'],
  define: () => ({
    ...momentsState,
    compute(moments: Moments) {
      const { count, labels, preds, labelSquares, predSquares, products } = moments;
      const squares = central(count, labelSquares, labels, labels) + central(count, predSquares, preds, preds);
      return (2 * central(count, products, labels, preds)) / (squares + nearest(errorsOf(moments).errors) ** 2);
    },
  }),
});

/** 1 − unexplained / n·Σ(l − l̄)² */
function explained({ count, labels, labelSquares }: Moments, unexplained: number): number {
  const all = central(count, labelSquares, labels, labels);
  return all === 0 ? Number.NaN : 1 - unexplained / all;
}

/** Σ(l − p), and Σ(l − p)² = Σl² + Σp² − 2Σl·p */
function errorsOf({ labels, preds, labelSquares, predSquares, products }: Moments): { errors: ExactSum; squares: ExactSum } {
  return {
    errors: new Summation().addSum(labels).addProductOf([-1], preds).take(),
    squares: new Summation().addSum(labelSquares).addSum(predSquares).addProductOf([-2], products).take(),
  };
}
