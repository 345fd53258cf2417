import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/** Root mean squared error of each pair, averaged over pairs (MXNet `RMSE`): not the root of the mean over everything. Shapes broadcast as in NumPy. */
export const RMSE = metricClass({
  className: 'RMSE',
  names: ['rmse'],
  displayName: 'rmse',
  parameters: {},
  define: () => meanOverPairs(difference => difference ** 2, Math.sqrt),
});
