import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/** Mean squared error, averaged over pairs (MXNet `MSE`). Shapes broadcast as in NumPy. */
export const MSE = metricClass({
  className: 'MSE',
  names: ['mse'],
  displayName: 'mse',
  parameters: {},
  define: () => meanOverPairs(difference => difference ** 2),
});
