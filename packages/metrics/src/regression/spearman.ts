import { sameShape } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { misfit } from '../metric-update.js';
import { samplesState, type Samples } from '../state/samples.js';
import { correlationOf, momentsOf } from './moments.js';

/** Pearson's correlation of the ranks over all elements of one shape, equal values sharing their mean rank (Spearman 1904). Keeps every value. */
export const Spearman = metricClass({
  className: 'Spearman',
  names: ['spearmanr'],
  define: () => ({
    ...samplesState('series', pair => {
      if (!sameShape(pair.label.shape, pair.pred.shape)) throw misfit(pair, 'the shapes differ', 'reshape one to the other');
      return { width: 1, labels: Array.from(pair.label.data), values: Array.from(pair.pred.data) };
    }),
    compute({ labels, values }: Samples) {
      if (labels.length === 0) return Number.NaN;
      const ranked = (data: readonly number[]) => ({ data: ranks(data), shape: [data.length] });
      return correlationOf(momentsOf({ metric: 'spearman', index: 0, label: ranked(labels), pred: ranked(values) }));
    },
  }),
});

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    // NaN equals nothing, itself included.
    end = Math.max(end, start + 1);
    for (let i = start; i < end; i++) result[order[i]!] = (start + end - 1) / 2;
    start = end;
  }
  return result;
}
