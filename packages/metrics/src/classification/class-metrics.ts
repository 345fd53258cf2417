import { metricClass } from '../metric-class.js';
import type { BinaryCounts } from './binary-counts.js';
import { classChoices, classParameters, outcomeMetric, outcomeState, share, tasks, type ClassParameters } from './outcome-metric.js';

/**
 * Share of what was predicted a class that is of it: tp / (tp + fp), 0 where nothing was predicted (scikit-learn `precision_score`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Precision = metricClass({ ...classMetric(({ truePositives: tp, falsePositives: fp }) => share(tp, tp + fp)), className: 'Precision' });

/**
 * Share of a class that was found: tp / (tp + fn) (scikit-learn `recall_score`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Recall = metricClass({ ...classMetric(({ truePositives: tp, falseNegatives: fn }) => share(tp, tp + fn)), className: 'Recall', names: ['sensitivity'] });

/**
 * Harmonic mean of precision and β²-fold recall: (1 + β²)·tp / ((1 + β²)·tp + β²·fn + fp) (van Rijsbergen 1979).
 *
 * @throws RangeError for a `beta` that is not above 0, or another `task` or `average`.
 */
export const FBeta = metricClass({
  className: 'FBeta',
  names: ['f_beta'],
  parameters: { ...classParameters, beta: 1 },
  choices: classChoices,
  define({ beta, ...parameters }) {
    if (!(beta > 0)) throw new RangeError(`FBeta: beta is ${beta}; give a number above 0`);
    const b = beta * beta;
    return outcomeMetric(parameters, ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => share((1 + b) * tp, (1 + b) * tp + b * fn + fp));
  },
});

/**
 * Share of what is not of a class that was not predicted to be: tn / (tn + fp) (torchmetrics `Specificity`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Specificity = metricClass({ ...classMetric(({ trueNegatives: tn, falsePositives: fp }) => share(tn, tn + fp)), className: 'Specificity' });

/**
 * Intersection over union: tp / (tp + fp + fn) (Jaccard 1912).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Jaccard = metricClass({ ...classMetric(({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => share(tp, tp + fp + fn)), className: 'Jaccard', names: ['iou'] });

/**
 * Share of labels that were predicted wrongly: of samples, or of all labels in a multilabel task (Hamming 1950).
 *
 * @throws RangeError for another `task`.
 */
export const Hamming = metricClass({
  className: 'Hamming',
  names: ['hamming_loss'],
  parameters: { task: classParameters.task, threshold: 0.5, axis: 1 },
  choices: { task: tasks },
  define(parameters) {
    const { state, countsOf } = outcomeState({ ...parameters, average: 'micro' });
    return {
      ...state,
      compute(counts) {
        const each = countsOf(counts);
        const wrong = each.reduce((sum, { falsePositives, falseNegatives }) => sum + falsePositives + falseNegatives, 0);
        const all = each.reduce((sum, one) => sum + one.truePositives + one.falsePositives + one.trueNegatives + one.falseNegatives, 0);
        // A wrong sample of many classes is a false positive of one and a false negative of another, and counted by all of them.
        return parameters.task === 'multiclass' ? (wrong / 2 / all) * each.length : wrong / all;
      },
    };
  },
});

/** What metrics have in common that are a function of each class's counts, and nothing more. */
function classMetric(value: (counts: BinaryCounts) => number) {
  return { parameters: classParameters, choices: classChoices, define: (parameters: ClassParameters) => outcomeMetric(parameters, value) };
}
