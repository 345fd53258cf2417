import { metricClass } from '../metric-class.js';
import { checkWhole } from '../option-checks.js';
import { samplesState, type Samples } from '../state/samples.js';
import { embeddingRows } from './embedding-rows.js';

/**
 * Share of embeddings `[samples, dimensions]` with one of their class among the `k` nearest others, by Euclid's distance (Jégou et al. 2011). Keeps
 * every row; quadratic in their number.
 *
 * @throws RangeError for a `k` that is no whole number of at least 1; in `update`, for embeddings of another length than before.
 */
export const RecallAtK = metricClass({
  className: 'RecallAtK',
  names: ['recall_at_k'],
  displayName: 'recall_at',
  parameters: { k: 1 },
  nameSuffix: ({ k }) => `_${k}`,
  define({ k }) {
    checkWhole('RecallAtK', 'k', k);
    return {
      ...samplesState('embeddings', pair => {
        const { dimensions, labels, values } = embeddingRows(pair);
        return { width: dimensions, labels, values };
      }),
      compute: (state: Samples) => (state.labels.length === 0 ? Number.NaN : state.labels.filter((_, i) => isFound(state, i, k)).length / state.labels.length),
    };
  },
});

/** Whether fewer than k samples of other classes are nearer than the nearest of the own. */
function isFound({ width, labels, values }: Samples, sample: number, k: number): boolean {
  const distances = labels.map((_, other) => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += (values[sample * width + d]! - values[other * width + d]!) ** 2;
    return sum;
  });
  const nearest = Math.min(...distances.filter((_, other) => other !== sample && labels[other] === labels[sample]));
  return Number.isFinite(nearest) && distances.filter((distance, other) => labels[other] !== labels[sample] && distance < nearest).length < k;
}
