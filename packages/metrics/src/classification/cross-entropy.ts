import { metricClass } from '../metric-class.js';
import { meanNegativeLogLikelihood } from './log-likelihood.js';

/** Mean cross entropy against class labels, −log(p[label] + eps) a sample (MXNet `CrossEntropy`). Predictions are probabilities `[samples, classes]`. */
export const CrossEntropy = metricClass({
  className: 'CrossEntropy',
  names: ['crossentropy', 'ce'],
  displayName: 'cross-entropy',
  parameters: { eps: 1e-12 },
  define: meanNegativeLogLikelihood,
});
