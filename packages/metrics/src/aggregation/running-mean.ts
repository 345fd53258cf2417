import { sumOf } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { checkWhole } from '../option-checks.js';

/** Sums and counts of the last updates, the newest last. */
type Window = { readonly sums: readonly number[]; readonly counts: readonly number[] };

/**
 * Mean over every element of the outputs of the last `window` updates; labels are not read (torchmetrics `RunningMean`). Merged, the other's updates
 * are the newer ones.
 *
 * @throws RangeError for a `window` that is no whole number of at least 1.
 */
export const RunningMean = metricClass({
  className: 'RunningMean',
  names: ['running_mean', 'runningmean'],
  displayName: 'running-mean',
  parameters: { window: 100 },
  define({ window }) {
    checkWhole('RunningMean', 'window', window);
    const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    return {
      kind: `means of ${window} updates`,
      initial: (): Window => ({ sums: [], counts: [] }),
      measure: ({ preds }): Window => ({ sums: [add(preds.map(sumOf))], counts: [add(preds.map(({ data }) => data.length))] }),
      merge: (a: Window, b: Window): Window => ({ sums: a.sums.concat(b.sums).slice(-window), counts: a.counts.concat(b.counts).slice(-window) }),
      compute: ({ sums, counts }: Window) => (add(counts) === 0 ? Number.NaN : add(sums) / add(counts)),
      isConsistent: ({ sums, counts }: Window) => sums.length === counts.length,
    };
  },
});
