import { metricClass } from '../metric-class.js';
import type { Samples } from '../state/samples.js';
import { drawCurves } from '../svg/draw.js';
import { areaUnder } from './area-under.js';
import { rankingMetric, rankingParameters, rankingsOf, type Ranking } from './scored-classes.js';

/**
 * Area under precision over recall, straight lines from precision 1 at recall 0 (Davis & Goadrich 2006). `details()` has `recall` and `precision`, a
 * row a class; `toSvg()` draws them. Keeps every score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const PrecisionRecallCurve = metricClass({
  className: 'PrecisionRecallCurve',
  names: ['pr_curve', 'pr_auc', 'precisionrecallcurve'],
  displayName: 'pr-auc',
  parameters: rankingParameters,
  define: parameters => {
    const points = (state: Samples) => rankingsOf(state, parameters.task).map(precisionOverRecall);
    return {
      ...rankingMetric('PrecisionRecallCurve', parameters, ranking => areaUnder(precisionOverRecall(ranking))),
      details: (state: Samples) => ({ recall: points(state).map(({ x }) => x), precision: points(state).map(({ y }) => y) }),
      draw: (state: Samples, title: string) => drawCurves(points(state).map((curve, k) => ({ name: `class ${k}`, ...curve })), title, ['recall', 'precision']),
    };
  },
});

/**
 * Σ over distinct scores of the rise in recall times the precision there: no interpolation (scikit-learn `average_precision_score`). Keeps every
 * score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const AveragePrecision = metricClass({
  className: 'AveragePrecision',
  names: ['average_precision', 'averageprecision', 'ap'],
  displayName: 'average-precision',
  parameters: rankingParameters,
  define: parameters =>
    rankingMetric('AveragePrecision', parameters, ranking => {
      const { x, y } = precisionOverRecall(ranking);
      return x.reduce((sum, recall, i) => sum + (i === 0 ? 0 : (recall - x[i - 1]!) * y[i]!), 0);
    }),
});

function precisionOverRecall({ truePositives, falsePositives, positives }: Ranking): { x: number[]; y: number[] } {
  return { x: [0, ...truePositives.map(count => count / positives)], y: [1, ...truePositives.map((count, i) => count / (count + falsePositives[i]!))] };
}
