import { metricClass } from '../metric-class.js';
import type { MetricDefinition } from '../metric-definition.js';
import { averages, type Average } from '../state/average.js';
import { tallyPairs } from '../state/tally.js';
import { correlationOf, momentsOf, momentsState, type Moments } from './moments.js';

/**
 * Σ(l−l̄)(p−p̄) / √(Σ(l−l̄)²·Σ(p−p̄)²) of labels and predictions of equal shape (MXNet `PearsonCorrelation`). 'macro' averages the correlations of
 * the pairs; 'pooled' is one correlation over everything seen; 'micro' is that with MXNet's ways: `getGlobal` gives 0, and `resetLocal` hides the
 * value until the next update instead of forgetting.
 *
 * @throws RangeError for another `average`.
 */
export const PearsonCorrelation = metricClass({
  className: 'PearsonCorrelation',
  names: ['pearsonr'],
  displayName: 'pearsonr',
  parameters: { average: 'macro' as Average | 'pooled' },
  choices: { average: [...averages, 'pooled'] },
  define: ({ average }) => definitions[average],
});

const pooled: MetricDefinition<Moments> = {
  ...momentsState,
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
