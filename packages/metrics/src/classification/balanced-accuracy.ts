import { metricClass } from '../metric-class.js';
import { confusionState, type Confusion } from '../state/confusion.js';
import { countsOfClasses } from './binary-counts.js';
import { weightedMean } from './outcome-metric.js';

/** Mean recall of the classes that labels hold (Brodersen et al. 2010); `adjusted`, 0 is chance and 1 the best. */
export const BalancedAccuracy = metricClass({
  className: 'BalancedAccuracy',
  names: ['balanced_accuracy'],
  parameters: { task: 'multiclass' as 'binary' | 'multiclass', threshold: 0.5, axis: 1, adjusted: false },
  define: ({ adjusted, ...options }) => ({
    ...confusionState(options),
    compute(state: Confusion) {
      const recalls = countsOfClasses(state)
        .filter(({ truePositives, falseNegatives }) => truePositives + falseNegatives > 0)
        .map(({ truePositives, falseNegatives }) => truePositives / (truePositives + falseNegatives));
      const mean = weightedMean(recalls.map(recall => [recall, 1]));
      const chance = 1 / recalls.length;
      return adjusted ? (mean - chance) / (1 - chance) : mean;
    },
  }),
});
