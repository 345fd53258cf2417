import { metricClass } from '../metric-class.js';
import { meanNegativeLogLikelihood } from './log-likelihood.js';

/** −Σ log(p[l] + eps) / N (MXNet `CrossEntropy`). Predictions are probabilities `[samples, classes]`, labels class ids. */
export const CrossEntropy = metricClass({
  className: 'CrossEntropy',
  names: ['ce'],
  parameters: { eps: 1e-12 },
  define: meanNegativeLogLikelihood,
});
