import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/**
 * √ mean of (l − p)² of each pair, averaged over pairs (MXNet `RMSE`): not the root of the mean over everything. Shapes broadcast as in NumPy, `[n]`
 * as `[n, 1]`.
 */
export const RMSE = metricClass({
  className: 'RMSE',
  define: () => meanOverPairs(difference => difference ** 2, Math.sqrt),
});
