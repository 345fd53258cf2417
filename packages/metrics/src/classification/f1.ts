import { metricClass } from '../metric-class.js';
import { averages, type Average } from '../state/average.js';
import { binaryMetric } from './binary-counts.js';

/**
 * 2·P·R / (P + R) of class 1, 0 without a hit (MXNet `F1`). Predictions `[samples, classes]`, labels of two classes, `[samples]` or the same as a column (which
 * MXNet would count against every prediction). 'macro' is the mean of the updates, 'micro' pools.
 *
 * @throws RangeError for another `average`; in `update`, for labels of more than two classes.
 */
export const F1 = metricClass({
  className: 'F1',
  parameters: { average: 'macro' as Average },
  choices: { average: averages },
  define: ({ average }) =>
    binaryMetric(average, ({ truePositives, falsePositives, falseNegatives }) =>
      // 2PR / (P + R), with P = tp/(tp+fp) and R = tp/(tp+fn)
      truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    ),
});
