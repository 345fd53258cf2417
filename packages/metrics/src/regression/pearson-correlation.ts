import { metricClass } from '../metric-class.js';
import type { MetricDefinition } from '../metric-definition.js';
import { pairsOf } from '../metric-update.js';
import { checkAverage, type Average } from '../state/average.js';
import { tallyPairs } from '../state/tally.js';
import { correlationOf, mergeMoments, momentsOf, noMoments, type Moments } from './moments.js';

/**
 * Pearson's correlation of labels and predictions of equal shape (MXNet `PearsonCorrelation`). `'macro'` averages the correlations of the
 * pairs; `'pooled'` is one correlation over everything seen; `'micro'` is that with MXNet's ways: `getGlobal` gives 0, and `resetLocal` hides the
 * value until the next update instead of forgetting.
 */
export const PearsonCorrelation = metricClass({
  className: 'PearsonCorrelation',
  names: ['pearsoncorrelation', 'pearsonr'],
  displayName: 'pearsonr',
  parameters: { average: 'macro' as Average | 'pooled' },
  define({ average }) {
    checkAverage(average, ['macro', 'micro', 'pooled'], 'PearsonCorrelation');
    return definitions[average];
  },
});

const pooled: MetricDefinition<Moments> = {
  initial: () => noMoments,
  measure: update => pairsOf(update).map(momentsOf).reduce(mergeMoments, noMoments),
  merge: mergeMoments,
  compute: moments => (moments.pairs === 0 ? Number.NaN : correlationOf(moments)),
};

const definitions = {
  macro: tallyPairs(pair => ({ sum: correlationOf(momentsOf(pair)), count: 1 })),
  micro: {
    ...pooled,
    computeGlobal: ({ pairs }: Moments) => (pairs === 0 ? Number.NaN : 0),
    resetLocal: (moments: Moments) => ({ ...moments, pairs: 0 }),
  },
  pooled,
};
