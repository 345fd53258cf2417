import type { MetricDefinition } from '../metric-definition.js';
import { misfit, type Pair } from '../metric-update.js';
import { averageOfUpdates } from '../state/average-of-updates.js';
import type { Average } from '../state/average.js';
import { confusionOf, countIds, marginsOf, type Confusion } from '../state/confusion.js';
import { classIds, scoreRows } from './class-predictions.js';

/** Outcomes of a two-class decision; class 1 is the positive one. */
export interface BinaryCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** A metric that is a function of the four counts, over everything seen or averaged over updates. */
export function binaryMetric(average: Average, value: (counts: BinaryCounts) => number): MetricDefinition {
  const pooled: MetricDefinition<Confusion> = {
    ...confusionOf(countOutcomes),
    compute: state => (marginsOf(state).total === 0 ? Number.NaN : value(countsOfClasses(state)[1]!)),
  };
  return average === 'macro' ? averageOfUpdates(pooled) : pooled;
}

/** The outcomes of each class against the rest. */
export function countsOfClasses(state: Confusion): BinaryCounts[] {
  const { classes, predicted, labelled, total } = marginsOf(state);
  return predicted.map((ofPredicted, k) => {
    const truePositives = state.confusion[k * classes + k]!;
    const [falsePositives, falseNegatives] = [ofPredicted - truePositives, labelled[k]! - truePositives];
    return { truePositives, falsePositives, falseNegatives, trueNegatives: total - truePositives - falsePositives - falseNegatives };
  });
}

function countOutcomes(pair: Pair): Confusion {
  scoreRows(pair);
  const { labels, predictions } = classIds(pair, 1);
  const distinct = new Set(Array.from(labels));
  if (distinct.size > 2) {
    const some = [...distinct].slice(0, 5).join(', ');
    throw misfit(pair, `the labels hold ${distinct.size} different classes (${some} …), this metric tells two apart`, 'use pcc for more than two');
  }
  const isPositive = (id: number): number => Number(id === 1);
  return countIds(Array.from(labels, isPositive), Array.from(predictions, isPositive), 2);
}
