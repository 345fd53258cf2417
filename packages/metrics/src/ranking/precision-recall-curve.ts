import { classChoices } from '../classification/outcome-metric.js';
import { metricClass } from '../metric-class.js';
import { curveMetric, type Curve } from './curve-metric.js';
import { rankingMetric, rankingParameters, type Ranking } from './scored-classes.js';

/**
 * Area under precision over recall, straight lines from precision 1 at recall 0 (Davis & Goadrich 2006). `details()` has `recall` and `precision`, a
 * row a class; `toSvg()` draws them. Keeps every score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const PrecisionRecallCurve = metricClass({
  className: 'PrecisionRecallCurve',
  names: ['pr_curve', 'pr_auc'],
  displayName: 'pr-auc',
  parameters: rankingParameters,
  choices: classChoices,
  define: parameters => curveMetric(parameters, precisionOverRecall, 'recall', 'precision'),
});

/**
 * Σ over distinct scores of the rise in recall times the precision there: no interpolation (scikit-learn `average_precision_score`). Keeps every
 * score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const AveragePrecision = metricClass({
  className: 'AveragePrecision',
  names: ['average_precision', 'ap'],
  parameters: rankingParameters,
  choices: classChoices,
  define: parameters =>
    rankingMetric(parameters, ranking => {
      const { x, y } = precisionOverRecall(ranking);
      return x.reduce((sum, recall, i) => sum + (i === 0 ? 0 : (recall - x[i - 1]!) * y[i]!), 0);
    }),
});

function precisionOverRecall({ truePositives, falsePositives, positives }: Ranking): Curve {
  return { x: [0, ...truePositives.map(count => count / positives)], y: [1, ...truePositives.map((count, i) => count / (count + falsePositives[i]!))] };
}
