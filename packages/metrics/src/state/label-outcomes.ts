import { labelOf, labelRows } from '../classification/class-predictions.js';
import type { MetricDefinition } from '../metric-definition.js';
import { pairsOf, type Pair } from '../metric-update.js';

/** Counts by label of a multilabel task: one list entry a label. */
export type LabelOutcomes = {
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
  readonly trueNegatives: readonly number[];
  readonly falseNegatives: readonly number[];
};

const nothing: LabelOutcomes = { truePositives: [], falsePositives: [], trueNegatives: [], falseNegatives: [] };

/** Labels and scores are `[samples, labels]`; a label is predicted where its score is above the threshold. */
export function labelOutcomesState(threshold: number): Omit<MetricDefinition<LabelOutcomes>, 'compute'> & { readonly kind: string } {
  return {
    kind: `outcomes of labels above ${threshold}`,
    initial: () => nothing,
    measure: update => pairsOf(update).map(pair => countOutcomes(pair, threshold)).reduce(mergeOutcomes, nothing),
    merge: mergeOutcomes,
    isConsistent: state => new Set(Object.values(state).map(list => list.length)).size === 1,
  };
}

function mergeOutcomes(a: LabelOutcomes, b: LabelOutcomes): LabelOutcomes {
  if (a.truePositives.length === 0) return b;
  if (b.truePositives.length === 0) return a;
  const add = (x: readonly number[], y: readonly number[]): number[] => {
    if (x.length !== y.length) throw new RangeError(`multilabel: ${y.length} labels after ${x.length}; give every batch the same number of labels`);
    return x.map((value, i) => value + y[i]!);
  };
  return {
    truePositives: add(a.truePositives, b.truePositives),
    falsePositives: add(a.falsePositives, b.falsePositives),
    trueNegatives: add(a.trueNegatives, b.trueNegatives),
    falseNegatives: add(a.falseNegatives, b.falseNegatives),
  };
}

function countOutcomes(pair: Pair, threshold: number): LabelOutcomes {
  const { label, pred } = pair;
  const labels = labelRows(pair);
  const [truePositives, falsePositives, trueNegatives, falseNegatives] = Array.from({ length: 4 }, () => new Array<number>(labels).fill(0)) as [number[], number[], number[], number[]];
  for (let i = 0; i < label.data.length; i++) {
    const isSet = labelOf(pair, i, 2);
    const isPredicted = pred.data[i]! > threshold;
    const counts = isSet === 1 ? (isPredicted ? truePositives : falseNegatives) : isPredicted ? falsePositives : trueNegatives;
    counts[i % labels]!++;
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives };
}
