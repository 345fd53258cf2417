import { metricClass } from '../metric-class.js';
import { momentsState, type Moments } from './moments.js';

/**
 * Share of the labels' variance that is explained, over all elements of one shape: 1 − Σ(l − p)² / Σ(l − l̄)² (scikit-learn `r2_score`). NaN where
 * labels are constant.
 */
export const R2 = metricClass({
  className: 'R2',
  names: ['r2', 'r2_score'],
  displayName: 'r2',
  parameters: {},
  define: () => ({ ...momentsState, compute: (moments: Moments) => explained(moments, moments.count * (moments.labelMean - moments.predMean) ** 2) }),
});

/** As R², but a constant offset of the predictions costs nothing: 1 − Var(l − p) / Var(l) (scikit-learn `explained_variance_score`). */
export const ExplainedVariance = metricClass({
  className: 'ExplainedVariance',
  names: ['explained_variance', 'explainedvariance'],
  displayName: 'explained-variance',
  parameters: {},
  define: () => ({ ...momentsState, compute: (moments: Moments) => explained(moments, 0) }),
});

/** Agreement of labels and predictions on the diagonal, over all elements of one shape: 2·cov / (σ²ₗ + σ²ₚ + (l̄ − p̄)²) (Lin 1989). */
export const Concordance = metricClass({
  className: 'Concordance',
  names: ['concordance', 'ccc'],
  displayName: 'concordance',
  parameters: {},
  define: () => ({
    ...momentsState,
    compute: ({ count, labelMean, predMean, labelSquares, predSquares, products }: Moments) =>
      (2 * products) / (labelSquares + predSquares + count * (labelMean - predMean) ** 2),
  }),
});

/** Σ(l − p)² = Σ(l − l̄)² + Σ(p − p̄)² − 2Σ(l − l̄)(p − p̄) + n(l̄ − p̄)² */
function explained({ labelSquares, predSquares, products }: Moments, offset: number): number {
  return labelSquares === 0 ? Number.NaN : 1 - (labelSquares + predSquares - 2 * products + offset) / labelSquares;
}
