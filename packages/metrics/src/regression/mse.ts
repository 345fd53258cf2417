import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/** Mean of (l − p)², averaged over pairs (MXNet `MSE`). Shapes broadcast as in NumPy, `[n]` as `[n, 1]`. */
export const MSE = metricClass({
  className: 'MSE',
  define: () => meanOverPairs(difference => difference ** 2),
});
