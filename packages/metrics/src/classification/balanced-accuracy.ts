import { metricClass } from '../metric-class.js';
import type { BinaryCounts } from './binary-counts.js';
import { outcomeState, tasks, weightedMean, type Task } from './outcome-metric.js';

/**
 * Mean recall of the classes that labels hold (Brodersen et al. 2010); `adjusted`, 0 is chance and 1 the best. In a multilabel task the mean over the labels, of which
 * each has two classes.
 *
 * @throws RangeError for another `task`.
 */
export const BalancedAccuracy = metricClass({
  className: 'BalancedAccuracy',
  names: ['balanced_accuracy'],
  parameters: { task: 'multiclass' as Task, threshold: 0.5, axis: 1, adjusted: false },
  choices: { task: tasks },
  define({ adjusted, ...options }) {
    const { state, countsOf } = outcomeState({ ...options, average: 'macro' });
    const balanced = (recalls: readonly Recall[]): number => {
      const held = recalls.filter(([, support]) => support > 0);
      const mean = weightedMean(held.map(([hits, support]) => [hits / support, 1]));
      return adjusted ? (mean * held.length - 1) / (held.length - 1) : mean;
    };
    return {
      ...state,
      compute(counts) {
        const each = countsOf(counts);
        return options.task === 'multiclass' ? balanced(each.map(ofClass)) : weightedMean(each.map(one => [balanced([ofClass(one), ofRest(one)]), 1]));
      },
    };
  },
});

type Recall = readonly [hits: number, support: number];

function ofClass({ truePositives, falseNegatives }: BinaryCounts): Recall {
  return [truePositives, truePositives + falseNegatives];
}

function ofRest({ trueNegatives, falsePositives }: BinaryCounts): Recall {
  return [trueNegatives, trueNegatives + falsePositives];
}
