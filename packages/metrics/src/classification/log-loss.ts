import { sameShape } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { tallyOf, tallyPairs } from '../state/tally.js';
import { labelOf, scoreRows } from './class-predictions.js';

/**
 * −Σ log p[l] / N of probabilities held within [eps, 1 − eps] (scikit-learn `log_loss`): of class 1 against labels 0 and 1 where both have one shape,
 * else `[samples, classes]`.
 */
export const LogLoss = metricClass({
  className: 'LogLoss',
  names: ['log_loss'],
  parameters: { eps: 2.220446049250313e-16 },
  define: ({ eps }) =>
    tallyPairs(pair => {
      const { label, pred } = pair;
      const penalty = (probability: number): number => -Math.log(Math.min(1 - eps, Math.max(eps, probability)));
      if (sameShape(label.shape, pred.shape)) {
        return tallyOf(pred.data.length, i => penalty(labelOf(pair, i, 2) === 1 ? pred.data[i]! : 1 - pred.data[i]!));
      }
      const { samples, classes } = scoreRows(pair);
      return tallyOf(samples, sample => penalty(pred.data[sample * classes + labelOf(pair, sample, classes)]!));
    }),
});
