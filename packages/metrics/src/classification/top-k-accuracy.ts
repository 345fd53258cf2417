import { metricClass } from '../metric-class.js';
import { tallyPairs } from '../state/tally.js';
import { scoreRows } from './class-predictions.js';

/**
 * Share of samples whose label is among the `topK` largest scores of its row (MXNet `TopKAccuracy`). Predictions `[samples, classes]`; the lower
 * index wins among equal scores.
 *
 * @throws RangeError for a `topK` that is no whole number above 1: the default has to be replaced.
 */
export const TopKAccuracy = metricClass({
  className: 'TopKAccuracy',
  names: ['top_k_accuracy', 'top_k_acc'],
  displayName: 'top_k_accuracy',
  parameters: { topK: 1 },
  nameSuffix: ({ topK }) => `_${topK}`,
  define({ topK }) {
    if (!Number.isInteger(topK) || topK <= 1) throw new RangeError(`TopKAccuracy: topK is ${topK}; give a whole number above 1, or use Accuracy`);
    return tallyPairs(pair => {
      const { samples, classes } = scoreRows(pair);
      const scores = pair.pred.data;
      let hits = 0;
      for (let sample = 0; sample < samples; sample++) {
        const label = Math.trunc(pair.label.data[sample]!);
        const own = scores[sample * classes + label];
        if (!(label >= 0 && label < classes) || own === undefined) continue;
        let rank = 0;
        for (let k = 0; k < classes; k++) {
          const score = scores[sample * classes + k]!;
          if (score > own || (score === own && k < label)) rank++;
        }
        if (rank < topK) hits++;
      }
      return { sum: hits, count: samples };
    });
  },
});
