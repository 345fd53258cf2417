import { classChoices } from '../classification/outcome-metric.js';
import { metricClass } from '../metric-class.js';
import { curveMetric, type Curve } from './curve-metric.js';
import { rankingParameters, type Ranking } from './scored-classes.js';

/**
 * Area under the receiver operating characteristic, one class against the rest (Fawcett 2006). `details()` has `falsePositiveRate` and
 * `truePositiveRate`, a row a class; `toSvg()` draws them. NaN where a class, or the rest, has no sample. Keeps every score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const RocCurve = metricClass({
  className: 'RocCurve',
  names: ['roc', 'roc_auc', 'auroc'],
  displayName: 'roc-auc',
  parameters: rankingParameters,
  choices: classChoices,
  define: parameters => curveMetric(parameters, rates, 'falsePositiveRate', 'truePositiveRate'),
});

function rates({ truePositives, falsePositives, positives, negatives }: Ranking): Curve {
  return { x: [0, ...falsePositives.map(count => count / negatives)], y: [0, ...truePositives.map(count => count / positives)] };
}
