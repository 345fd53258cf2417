import { metricClass } from '../metric-class.js';
import type { Average } from '../state/average.js';
import { binaryMetric } from './binary-counts.js';

/**
 * 2·P·R / (P + R) of class 1, 0 without a hit (MXNet `F1`). Predictions `[samples, classes]`, labels of two classes. 'macro' is the mean of the
 * updates, 'micro' pools.
 *
 * @throws RangeError for another `average`; in `update`, for labels of more than two classes.
 */
export const F1 = metricClass({
  className: 'F1',
  names: ['f1'],
  displayName: 'f1',
  parameters: { average: 'macro' as Average },
  define: ({ average }) =>
    binaryMetric('F1', average, ({ truePositives, falsePositives, falseNegatives }) =>
      // 2PR / (P + R), with P = tp/(tp+fp) and R = tp/(tp+fn)
      truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    ),
});
