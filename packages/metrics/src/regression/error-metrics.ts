import { sameShape } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { misfit } from '../metric-update.js';
import { tallyOf, tallyPairs } from '../state/tally.js';

/** Mean of |l − p| / max(|l|, eps) over all elements of one shape, a share and not a percentage (scikit-learn `mean_absolute_percentage_error`). */
export const MAPE = metricClass({
  className: 'MAPE',
  parameters: { eps: 2.220446049250313e-16 },
  define: ({ eps }) => meanOverElements((l, p) => Math.abs(l - p) / Math.max(Math.abs(l), eps)),
});

/** Mean of log cosh(p − l) over all elements of one shape: |d| + log(1 + e^(−2|d|)) − log 2 (torchmetrics `LogCoshError`). */
export const LogCosh = metricClass({
  className: 'LogCosh',
  names: ['log_cosh'],
  define: () =>
    meanOverElements((l, p) => {
      const distance = Math.abs(p - l);
      return distance + Math.log1p(Math.exp(-2 * distance)) - Math.LN2;
    }),
});

/** Mean over rows of l·p / (‖l‖·‖p‖), 0 where a row is; both `[samples, dimensions]` (torchmetrics `CosineSimilarity`). */
export const CosineSimilarity = metricClass({
  className: 'CosineSimilarity',
  names: ['cosine_similarity', 'cosine'],
  define: () =>
    tallyPairs(pair => {
      const { label, pred } = pair;
      if (!sameShape(label.shape, pred.shape) || label.shape.length !== 2) throw misfit(pair, 'both must be [samples, dimensions]', 'reshape them');
      const [samples, dimensions] = label.shape as [number, number];
      return tallyOf(samples, row => {
        let [product, ofLabel, ofPred] = [0, 0, 0];
        for (let i = row * dimensions; i < (row + 1) * dimensions; i++) {
          const [l, p] = [label.data[i]!, pred.data[i]!];
          product += l * p;
          ofLabel += l * l;
          ofPred += p * p;
        }
        return product === 0 ? 0 : product / Math.sqrt(ofLabel * ofPred);
      });
    }),
});

function meanOverElements(term: (label: number, pred: number) => number) {
  return tallyPairs(pair => {
    const { label, pred } = pair;
    if (!sameShape(label.shape, pred.shape)) throw misfit(pair, 'the shapes differ', 'reshape one to the other');
    return tallyOf(pred.data.length, i => term(label.data[i]!, pred.data[i]!));
  });
}
