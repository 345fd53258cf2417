import { metricClass } from '../metric-class.js';
import { meanNegativeLogLikelihood } from './log-likelihood.js';

/** `CrossEntropy` under its other name (MXNet `NegativeLogLikelihood`). */
export const NegativeLogLikelihood = metricClass({
  className: 'NegativeLogLikelihood',
  names: ['nll_loss'],
  displayName: 'nll-loss',
  parameters: { eps: 1e-12 },
  define: meanNegativeLogLikelihood,
});
