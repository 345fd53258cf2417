import { tallyPairs } from '../state/tally.js';
import { labelOf, scoreRows } from './class-predictions.js';

/** Mean of −log(p[label] + eps) over the samples; predictions are probabilities `[samples, classes]`. */
export function meanNegativeLogLikelihood({ eps }: { eps: number }) {
  return tallyPairs(pair => {
    const { samples, classes } = scoreRows(pair);
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) {
      sum -= Math.log(pair.pred.data[sample * classes + labelOf(pair, sample, classes)]! + eps);
    }
    return { sum, count: samples };
  });
}
