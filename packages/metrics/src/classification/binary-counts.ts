import type { MetricDefinition } from '../metric-definition.js';
import { misfit, pairsOf, type Pair } from '../metric-update.js';
import { checkChoice } from '../option-checks.js';
import { averageOfUpdates } from '../state/average-of-updates.js';
import type { Average } from '../state/average.js';
import { classIds, scoreRows } from './class-predictions.js';

/** Outcomes of a two-class decision; class 1 is the positive one. */
export type BinaryCounts = {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
};

/** A metric that is a function of the four counts, over everything seen or averaged over updates. */
export function binaryMetric(className: string, average: Average, value: (counts: BinaryCounts) => number): MetricDefinition {
  checkChoice(className, 'average', average, ['macro', 'micro']);
  const pooled: MetricDefinition<BinaryCounts> = {
    initial: () => ({ truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }),
    measure: update => pairsOf(update).map(countOutcomes).reduce(pooled.merge, pooled.initial()),
    merge: (a, b) => ({
      truePositives: a.truePositives + b.truePositives,
      falsePositives: a.falsePositives + b.falsePositives,
      trueNegatives: a.trueNegatives + b.trueNegatives,
      falseNegatives: a.falseNegatives + b.falseNegatives,
    }),
    compute: counts => (Object.values(counts).every(count => count === 0) ? Number.NaN : value(counts)),
  };
  return average === 'macro' ? averageOfUpdates(pooled) : pooled;
}

function countOutcomes(pair: Pair): BinaryCounts {
  scoreRows(pair);
  const { labels, predictions } = classIds(pair, 1);
  const distinct = new Set(Array.from(labels));
  if (distinct.size > 2) {
    const some = [...distinct].slice(0, 5).join(', ');
    throw misfit(pair, `the labels hold ${distinct.size} different classes (${some} …), this metric tells two apart`, 'use pcc for more than two');
  }
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let i = 0; i < labels.length; i++) {
    if (predictions[i] === 1) counts[labels[i] === 1 ? 'truePositives' : 'falsePositives']++;
    else counts[labels[i] === 1 ? 'falseNegatives' : 'trueNegatives']++;
  }
  return counts;
}
