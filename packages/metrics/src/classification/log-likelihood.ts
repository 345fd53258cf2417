import { tallyOf, tallyPairs } from '../state/tally.js';
import { labelOf, scoreRows } from './class-predictions.js';

/** Mean of −log(p[label] + eps) over the samples; predictions are probabilities `[samples, classes]`. */
export function meanNegativeLogLikelihood({ eps }: { eps: number }) {
  return tallyPairs(pair => {
    const { samples, classes } = scoreRows(pair);
    return tallyOf(samples, sample => -Math.log(pair.pred.data[sample * classes + labelOf(pair, sample, classes)]! + eps));
  });
}
