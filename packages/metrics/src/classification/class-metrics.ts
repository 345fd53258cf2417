import { metricClass } from '../metric-class.js';
import { classParameters, outcomeMetric, outcomeState, share } from './outcome-metric.js';

/**
 * Share of what was predicted a class that is of it: tp / (tp + fp), 0 where nothing was predicted (scikit-learn `precision_score`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Precision = metricClass({
  className: 'Precision',
  names: ['precision'],
  displayName: 'precision',
  parameters: classParameters,
  define: parameters => outcomeMetric('Precision', parameters, ({ truePositives: tp, falsePositives: fp }) => share(tp, tp + fp)),
});

/**
 * Share of a class that was found: tp / (tp + fn) (scikit-learn `recall_score`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Recall = metricClass({
  className: 'Recall',
  names: ['recall', 'sensitivity'],
  displayName: 'recall',
  parameters: classParameters,
  define: parameters => outcomeMetric('Recall', parameters, ({ truePositives: tp, falseNegatives: fn }) => share(tp, tp + fn)),
});

/**
 * Harmonic mean of precision and β²-fold recall: (1 + β²)·tp / ((1 + β²)·tp + β²·fn + fp) (van Rijsbergen 1979).
 *
 * @throws RangeError for a `beta` that is not above 0, or another `task` or `average`.
 */
export const FBeta = metricClass({
  className: 'FBeta',
  names: ['fbeta', 'f_beta'],
  displayName: 'fbeta',
  parameters: { ...classParameters, beta: 1 },
  define({ beta, ...parameters }) {
    if (!(beta > 0)) throw new RangeError(`FBeta: beta is ${beta}; give a number above 0`);
    const b = beta * beta;
    return outcomeMetric('FBeta', parameters, ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => share((1 + b) * tp, (1 + b) * tp + b * fn + fp));
  },
});

/**
 * Share of what is not of a class that was not predicted to be: tn / (tn + fp) (torchmetrics `Specificity`).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Specificity = metricClass({
  className: 'Specificity',
  names: ['specificity'],
  displayName: 'specificity',
  parameters: classParameters,
  define: parameters => outcomeMetric('Specificity', parameters, ({ trueNegatives: tn, falsePositives: fp }) => share(tn, tn + fp)),
});

/**
 * Intersection over union: tp / (tp + fp + fn) (Jaccard 1912).
 *
 * @throws RangeError for another `task` or `average`.
 */
export const Jaccard = metricClass({
  className: 'Jaccard',
  names: ['jaccard', 'iou'],
  displayName: 'jaccard',
  parameters: classParameters,
  define: parameters => outcomeMetric('Jaccard', parameters, ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => share(tp, tp + fp + fn)),
});

/**
 * Share of labels that were predicted wrongly: of samples, or of all labels in a multilabel task (Hamming 1950).
 *
 * @throws RangeError for another `task`.
 */
export const Hamming = metricClass({
  className: 'Hamming',
  names: ['hamming', 'hamming_loss'],
  displayName: 'hamming',
  parameters: { task: classParameters.task, threshold: 0.5, axis: 1 },
  define(parameters) {
    const { state, countsOf } = outcomeState('Hamming', { ...parameters, average: 'micro' });
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
