import { metricClass } from '../metric-class.js';
import { averages, type Average } from '../state/average.js';
import { binaryMetric } from './binary-counts.js';

/**
 * (tp·tn − fp·fn) / √((tp+fp)(tp+fn)(tn+fp)(tn+fn)) of class 1, zero factors left out (MXNet `MCC`). Predictions `[samples, classes]`. 'macro' is the
 * mean of the updates, 'micro' pools.
 *
 * @throws RangeError for another `average`; in `update`, for labels of more than two classes.
 */
export const MCC = metricClass({
  className: 'MCC',
  parameters: { average: 'macro' as Average },
  choices: { average: averages },
  define: ({ average }) =>
    binaryMetric(average, ({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn }) => {
      // MXNet leaves zero factors out of the denominator: a degenerate table gives 0, not NaN.
      const factors = [tp + fp, tp + fn, tn + fp, tn + fn].filter(factor => factor !== 0);
      return (tp * tn - fp * fn) / Math.sqrt(factors.reduce((product, factor) => product * factor, 1));
    }),
});
