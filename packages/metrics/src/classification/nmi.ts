import { metricClass } from '../metric-class.js';
import { confusionState, marginsOf, type Confusion } from '../state/confusion.js';

/**
 * Mutual information of labels and cluster ids over the mean of their entropies, from 0 to 1; the numbering of the clusters does not matter (Strehl &
 * Ghosh 2002, in the form of scikit-learn's `normalized_mutual_info_score`).
 */
export const NMI = metricClass({
  className: 'NMI',
  define: () => ({
    ...confusionState({ task: 'multiclass', axis: 1, threshold: 0 }),
    compute(state: Confusion) {
      const { classes, predicted, labelled, total } = marginsOf(state);
      if (total === 0) return Number.NaN;
      let mutual = 0;
      state.confusion.forEach((count, at) => {
        if (count > 0) mutual += (count / total) * Math.log((count * total) / (predicted[Math.floor(at / classes)]! * labelled[at % classes]!));
      });
      const entropy = (counts: readonly number[]): number => counts.reduce((sum, count) => sum - (count === 0 ? 0 : (count / total) * Math.log(count / total)), 0);
      const mean = (entropy(predicted) + entropy(labelled)) / 2;
      return mean === 0 ? 1 : Math.max(0, mutual) / mean;
    },
  }),
});
