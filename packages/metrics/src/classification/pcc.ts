import { metricClass } from '../metric-class.js';
import { confusionState, marginsOf, type Confusion } from '../state/confusion.js';

/**
 * Correlation of label and prediction over any number of classes (MXNet `PCC`); MCC's value for two. Predictions `[samples, classes]` or class ids,
 * below 8192. NaN where either is constant.
 */
export const PCC = metricClass({
  className: 'PCC',
  define: () => ({ ...confusionState({ task: 'multiclass', axis: 1, threshold: 0 }), compute: correlation }),
});

function correlation(state: Confusion): number {
  const { classes, predicted, labelled, total } = marginsOf(state);
  // cov(a, b) = Σᵢ (Cᵢᵢ·n − aᵢ·bᵢ); with itself Σᵢ aᵢ(n − aᵢ)
  let joint = 0;
  let ofPredicted = 0;
  let ofLabelled = 0;
  for (let k = 0; k < classes; k++) {
    const [x, y] = [predicted[k]!, labelled[k]!];
    joint += state.confusion[k * classes + k]! * total - x * y;
    ofPredicted += x * (total - x);
    ofLabelled += y * (total - y);
  }
  return ofPredicted === 0 || ofLabelled === 0 ? Number.NaN : joint / Math.sqrt(ofPredicted * ofLabelled);
}
