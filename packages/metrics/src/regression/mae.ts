import { metricClass } from '../metric-class.js';
import { meanOverPairs } from './difference.js';

/** Mean absolute error, averaged over pairs (MXNet `MAE`). Shapes broadcast as in NumPy. */
export const MAE = metricClass({
  className: 'MAE',
  names: ['mae'],
  displayName: 'mae',
  parameters: {},
  define: () => meanOverPairs(Math.abs),
});
