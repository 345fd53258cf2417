import { metricClass } from '../metric-class.js';
import type { Average } from '../state/average.js';
import { binaryMetric } from './binary-counts.js';

/** Harmonic mean of precision and recall of class 1 (MXNet `F1`). Predictions `[samples, classes]`; 0 where nothing is positive. */
export const F1 = metricClass({
  className: 'F1',
  names: ['f1'],
  displayName: 'f1',
  parameters: { average: 'macro' as Average },
  define: ({ average }) =>
    binaryMetric('F1', average, ({ truePositives, falsePositives, falseNegatives }) =>
      // 2PR / (P + R), with P = tp/(tp+fp) and R = tp/(tp+fn)
      truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    ),
});
