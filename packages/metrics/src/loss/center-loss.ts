import { formatShape } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import type { MetricUpdate } from '../metric-update.js';
import { exactSum, nearest, Summation } from '../state/exact-sum.js';
import { tally, type Tally } from '../state/tally.js';

/**
 * Σ(output · N) / ΣN: center loss per sample, over everything seen (Wen et al. 2016). The output of a center-loss layer, one element, is a mean over
 * its batch already, Σ‖x − c‖² / (2N), so each update weighs by its N, the first length of the first label: a short last batch counts for what it
 * holds, and the value equals that of one large batch. An output of N values (one loss a sample) comes to the same. Without labels every element of
 * the output counts as one, as in `Loss`.
 *
 * @throws RangeError, in `update`, unless there is one output.
 */
export const CenterLoss = metricClass({
  className: 'CenterLoss',
  names: ['center_loss', 'center-loss'],
  define: () => ({ ...tally, measure: weighByBatch }),
});

function weighByBatch({ metric, labels, preds }: MetricUpdate): Tally {
  const [output] = preds;
  if (output === undefined || preds.length > 1) {
    throw new RangeError(
      `${metric}: ${preds.length} outputs (${preds.map(({ shape }) => formatShape(shape)).join(' ')}) where one loss is read; ` +
        "name it: outputNames: ['center_loss_output'], and call updateDict",
    );
  }
  const size = output.data.length;
  const samples = labels[0] ? (labels[0].shape[0] ?? 1) : size;
  if (size === 0 || samples === 0) return tally.initial();
  const sum = exactSum(output.data);
  return { sum: size === samples ? sum : new Summation().addProduct(nearest(sum) / size, samples).take(), count: samples };
}
