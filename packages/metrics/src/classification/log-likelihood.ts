import { misfit } from '../metric-update.js';
import { tallyPairs } from '../state/tally.js';
import { scoreRows } from './class-predictions.js';

/** Mean of −log(p[label] + eps) over the samples; predictions are probabilities `[samples, classes]`. */
export function meanNegativeLogLikelihood({ eps }: { eps: number }) {
  return tallyPairs(pair => {
    const { samples, classes } = scoreRows(pair);
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) {
      const label = Math.trunc(pair.label.data[sample]!);
      if (!(label >= 0 && label < classes)) {
        throw misfit(pair, `label ${label} of sample ${sample} is none of the ${classes} classes`, 'leave padding out, or use perplexity with ignoreLabel');
      }
      sum -= Math.log(pair.pred.data[sample * classes + label]! + eps);
    }
    return { sum, count: samples };
  });
}
