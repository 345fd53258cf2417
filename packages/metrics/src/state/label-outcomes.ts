import { labelOf, labelRows } from '../classification/class-predictions.js';
import type { MetricDefinition } from '../metric-definition.js';
import type { Pair } from '../metric-update.js';
import { listsOf, plus } from './merge-fields.js';
import { pairwise } from './pairwise.js';

/** Counts of a multilabel task, four a label: neither, labelled alone, predicted alone, both. */
export type LabelOutcomes = { readonly outcomes: readonly number[] };

/** Labels and scores are `[samples, labels]`; a label is predicted where its score is above the threshold. */
export function labelOutcomesState(threshold: number): Omit<MetricDefinition<LabelOutcomes>, 'compute'> & { readonly kind: string } {
  return {
    kind: `outcomes of labels above ${threshold}`,
    ...pairwise((): LabelOutcomes => ({ outcomes: [] }), mergeOutcomes, pair => countOutcomes(pair, threshold)),
    isConsistent: ({ outcomes }) => outcomes.length % 4 === 0,
  };
}

function mergeOutcomes({ outcomes: a }: LabelOutcomes, { outcomes: b }: LabelOutcomes): LabelOutcomes {
  if (a.length > 0 && b.length > 0 && a.length !== b.length) {
    throw new RangeError(`multilabel: ${b.length / 4} labels after ${a.length / 4}; give every batch the same number of labels`);
  }
  return { outcomes: listsOf(plus)(a, b) };
}

function countOutcomes(pair: Pair, threshold: number): LabelOutcomes {
  const labels = labelRows(pair);
  const outcomes = new Array<number>(4 * labels).fill(0);
  for (let i = 0; i < pair.label.data.length; i++) outcomes[4 * (i % labels) + 2 * Number(pair.pred.data[i]! > threshold) + labelOf(pair, i, 2)]!++;
  return { outcomes };
}
