import { metricClass } from '../metric-class.js';
import type { Samples } from '../state/samples.js';
import { drawCurves } from '../svg/draw.js';
import { rankingMetric, rankingParameters, rankingsOf, type Ranking } from './scored-classes.js';
import { areaUnder } from './area-under.js';

/**
 * Area under the receiver operating characteristic, one class against the rest (Fawcett 2006). `details()` has `falsePositiveRate` and
 * `truePositiveRate`, a row a class; `toSvg()` draws them. NaN where a class, or the rest, has no sample. Keeps every score.
 *
 * @throws RangeError for another `task` or `average`; in `update`, for a score that is NaN.
 */
export const RocCurve = metricClass({
  className: 'RocCurve',
  names: ['roc', 'roc_auc', 'auroc', 'roccurve'],
  displayName: 'roc-auc',
  parameters: rankingParameters,
  define: parameters => {
    const points = (state: Samples) => rankingsOf(state, parameters.task).map(rates);
    return {
      ...rankingMetric('RocCurve', parameters, ranking => areaUnder(rates(ranking))),
      details: (state: Samples) => ({ falsePositiveRate: points(state).map(({ x }) => x), truePositiveRate: points(state).map(({ y }) => y) }),
      draw: (state: Samples, title: string) =>
        drawCurves(points(state).map((curve, k) => ({ name: `class ${k}`, ...curve })), title, ['false positive rate', 'true positive rate']),
    };
  },
});

function rates({ truePositives, falsePositives, positives, negatives }: Ranking): { x: number[]; y: number[] } {
  return { x: [0, ...falsePositives.map(count => count / negatives)], y: [0, ...truePositives.map(count => count / positives)] };
}
