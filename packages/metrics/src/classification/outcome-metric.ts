import type { MetricDefinition, MetricState } from '../metric-definition.js';
import { confusionState, type Confusion } from '../state/confusion.js';
import { labelOutcomesState, type LabelOutcomes } from '../state/label-outcomes.js';
import { countsOfClasses, type BinaryCounts } from './binary-counts.js';

/**
 * What labels and predictions are: class ids or scores of class 1 (`[samples]` or `[samples, 2]`), class ids or scores `[samples, classes]`, or flags
 * and scores of several labels a sample, both `[samples, labels]`.
 */
export type Task = 'binary' | 'multiclass' | 'multilabel';
export const tasks: readonly Task[] = ['binary', 'multiclass', 'multilabel'];

/** How values of classes become one: their mean, their mean by support, the value of the pooled counts, or each by itself. */
export type ClassAverage = 'macro' | 'weighted' | 'micro' | 'none';
export const classAverages: readonly ClassAverage[] = ['macro', 'weighted', 'micro', 'none'];

/**
 * What metrics over classes take. `'binary'` gives the value of class 1: predictions are its scores, `[samples]`, or rows of two. `'multiclass'` reads class
 * ids or rows of scores, the largest along `axis`. `'multilabel'` reads labels of 0 and 1 and scores, both `[samples, labels]`.
 */
export const classParameters = { task: 'multiclass' as Task, average: 'macro' as ClassAverage, threshold: 0.5, axis: 1 };
export const classChoices = { task: tasks, average: classAverages };
export type ClassParameters = typeof classParameters;

/** A metric that is a function of each class's four counts. */
export function outcomeMetric(parameters: ClassParameters, value: (counts: BinaryCounts) => number): MetricDefinition {
  const { task, average } = parameters;
  const { state, countsOf } = outcomeState(parameters);
  return {
    ...state,
    compute: counts => combine(countsOf(counts), average, task, value),
    ...(average === 'none' && task !== 'binary' && { components: (counts: MetricState) => countsOf(counts).map((each, k) => [String(k), value(each)] as const) }),
  };
}

/** The state that a task counts into, and the counts of each class in it; in a binary task class 1 alone. */
export function outcomeState({ task, axis, threshold }: ClassParameters): { state: Omit<MetricDefinition, 'compute'>; countsOf: (state: MetricState) => BinaryCounts[] } {
  if (task === 'multilabel') return { state: labelOutcomesState(threshold) as unknown as Omit<MetricDefinition, 'compute'>, countsOf: state => countsOfLabels(state as LabelOutcomes) };
  return {
    state: confusionState({ task, axis, threshold }) as unknown as Omit<MetricDefinition, 'compute'>,
    countsOf: state => countsOfClasses(state as Confusion).slice(task === 'binary' ? 1 : 0),
  };
}

function countsOfLabels({ outcomes }: LabelOutcomes): BinaryCounts[] {
  return Array.from({ length: outcomes.length / 4 }, (_, label) => {
    const [trueNegatives, falseNegatives, falsePositives, truePositives] = outcomes.slice(4 * label) as [number, number, number, number];
    return { truePositives, falsePositives, trueNegatives, falseNegatives };
  });
}

function combine(counts: readonly BinaryCounts[], average: ClassAverage, task: Task, value: (counts: BinaryCounts) => number): number {
  const all = pooled(counts);
  if (Object.values(all).every(count => count === 0)) return Number.NaN;
  if (task === 'binary' || average === 'micro') return value(all);
  const weightOf = ({ truePositives, falsePositives, falseNegatives }: BinaryCounts): number => {
    if (average === 'weighted') return truePositives + falseNegatives;
    // A class that neither labels nor predictions have seen is no class.
    return task === 'multilabel' || truePositives + falsePositives + falseNegatives > 0 ? 1 : 0;
  };
  return weightedMean(counts.map(each => [value(each), weightOf(each)]));
}

export function weightedMean(terms: readonly (readonly [value: number, weight: number])[]): number {
  const total = terms.reduce((sum, [, weight]) => sum + weight, 0);
  return terms.reduce((sum, [value, weight]) => sum + (weight === 0 ? 0 : value * weight), 0) / total;
}

function pooled(counts: readonly BinaryCounts[]): BinaryCounts {
  const sum = (name: keyof BinaryCounts): number => counts.reduce((total, each) => total + each[name], 0);
  return { truePositives: sum('truePositives'), falsePositives: sum('falsePositives'), trueNegatives: sum('trueNegatives'), falseNegatives: sum('falseNegatives') };
}

/** part / whole, 0 where the whole is. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
