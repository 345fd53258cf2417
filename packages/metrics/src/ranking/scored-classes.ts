import { labelOf, labelRows, scoreRows } from '../classification/class-predictions.js';
import { weightedMean, type ClassAverage, type Task } from '../classification/outcome-metric.js';
import { sameShape } from '../host-array.js';
import type { Component, MetricDefinition } from '../metric-definition.js';
import { misfit, type Pair } from '../metric-update.js';
import { samplesState, type Samples } from '../state/samples.js';

export const rankingParameters = { task: 'binary' as Task, average: 'macro' as ClassAverage };
export type RankingParameters = typeof rankingParameters;

/** One class against the rest, from the highest score down: after each distinct score, how many of the class and of the rest score at least that. */
export interface Ranking {
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
  readonly positives: number;
  readonly negatives: number;
}

/**
 * A metric over the exact ranking of all samples by score, one class against the rest. `'binary'`: scores of class 1, `[samples]`, or rows of two;
 * `'multiclass'`: rows of scores; `'multilabel'`: labels of 0 and 1 and scores, both `[samples, labels]`.
 */
export function rankingMetric({ task, average }: RankingParameters, value: (ranking: Ranking) => number): MetricDefinition<Samples> {
  const components = (state: Samples): Component[] => rankingsOf(state, task).map((ranking, k) => [String(k), value(ranking)]);
  return {
    ...samplesState(`scores, ${task}`, pair => readScores(pair, task)),
    compute(state) {
      if (state.labels.length === 0) return Number.NaN;
      if (average === 'micro' && task !== 'binary') return value(rank(state.values, flagsOf(state, task)));
      return weightedMean(rankingsOf(state, task).map(ranking => [value(ranking), average === 'weighted' ? ranking.positives : 1]));
    },
    ...(average === 'none' && task !== 'binary' && { components }),
  };
}

export function rankingsOf(state: Samples, task: Task): Ranking[] {
  const flags = flagsOf(state, task);
  return Array.from({ length: state.width }, (_, k) => {
    const ofClass = (_value: number, i: number): boolean => i % state.width === k;
    return rank(state.values.filter(ofClass), flags.filter(ofClass));
  });
}

/** 1 where a score belongs to a class that the sample is of. */
function flagsOf({ width, labels, values }: Samples, task: Task): readonly number[] {
  return task === 'multiclass' ? values.map((_, i) => Number(labels[Math.floor(i / width)] === i % width)) : labels;
}

function rank(values: readonly number[], flags: readonly number[]): Ranking {
  const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let hits = 0;
  order.forEach((sample, i) => {
    hits += flags[sample]!;
    if (values[order[i + 1]!] === values[sample]) return;
    truePositives.push(hits);
    falsePositives.push(i + 1 - hits);
  });
  return { truePositives, falsePositives, positives: hits, negatives: order.length - hits };
}

function readScores(pair: Pair, task: Task): Samples {
  const { label, pred } = pair;
  const values = Array.from(pred.data);
  if (values.some(Number.isNaN)) throw misfit(pair, 'a score is NaN, which has no rank', 'look at what the network computes');
  if (task === 'multilabel') return { width: labelRows(pair), labels: checkLabels(pair, 2), values };
  if (task === 'binary' && sameShape(label.shape, pred.shape)) return { width: 1, labels: checkLabels(pair, 2), values };
  const { classes } = scoreRows(pair);
  const labels = checkLabels(pair, classes);
  if (task === 'multiclass') return { width: classes, labels, values };
  if (classes !== 2) throw misfit(pair, `a binary task has 2 classes, not ${classes}`, "give the scores of class 1, or set task to 'multiclass'");
  return { width: 1, labels, values: values.filter((_, i) => i % 2 === 1) };
}

function checkLabels(pair: Pair, classes: number): number[] {
  return Array.from(pair.label.data, (_, sample) => labelOf(pair, sample, classes));
}
