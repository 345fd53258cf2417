import { meanOfOutputs } from '../loss/loss.js';
import { metricClass } from '../metric-class.js';
import { checkWhole } from '../option-checks.js';
import { addSums, type ExactSum } from '../state/exact-sum.js';
import { plus } from '../state/merge-fields.js';
import { tally } from '../state/tally.js';

/** Sums and counts of the last updates, the newest last. */
type Window = { readonly sums: readonly ExactSum[]; readonly counts: readonly number[] };

/**
 * Mean over every element of the outputs of the last `window` updates; labels are not read (torchmetrics `RunningMean`). Merged, the other's updates
 * are the newer ones.
 *
 * @throws RangeError for a `window` that is no whole number of at least 1.
 */
export const RunningMean = metricClass({
  className: 'RunningMean',
  names: ['running_mean'],
  parameters: { window: 100 },
  define({ window }) {
    checkWhole('RunningMean', 'window', window);
    const { measure } = meanOfOutputs();
    return {
      kind: `means of ${window} updates`,
      depths: { sums: 2 },
      initial: (): Window => ({ sums: [], counts: [] }),
      measure(update): Window {
        const { sum, count } = measure(update);
        return { sums: [sum], counts: [count] };
      },
      merge: (a: Window, b: Window): Window => ({ sums: a.sums.concat(b.sums).slice(-window), counts: a.counts.concat(b.counts).slice(-window) }),
      compute: ({ sums, counts }: Window) => tally.compute({ sum: sums.reduce(addSums, []), count: counts.reduce(plus, 0) }),
      isConsistent: ({ sums, counts }: Window) => sums.length === counts.length,
    };
  },
});
