import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/** Mean of |l − p|, averaged over pairs (MXNet `MAE`). Shapes broadcast as in NumPy, `[n]` as `[n, 1]`. */
export const MAE = metricClass({
  className: 'MAE',
  define: () => meanOverPairs(Math.abs),
});
