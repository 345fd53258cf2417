import { metricClass } from '../metric-class.js';
import { confusionState, marginsOf, type Confusion } from '../state/confusion.js';
import { drawMatrix } from '../svg/draw.js';

/**
 * Counts of samples by predicted class and label: `details().matrix`, `[classes, classes]`, one row a predicted class; `toSvg()` draws it. The value
 * is the accuracy, the diagonal's share.
 */
export const ConfusionMatrix = metricClass({
  className: 'ConfusionMatrix',
  names: ['confusion_matrix', 'confusion'],
  parameters: { task: 'multiclass' as 'binary' | 'multiclass', threshold: 0.5, axis: 1 },
  define: options => ({
    ...confusionState(options),
    compute(state: Confusion) {
      const { classes, total } = marginsOf(state);
      return total === 0 ? Number.NaN : state.confusion.reduce((sum, count, i) => sum + (i % (classes + 1) === 0 ? count : 0), 0) / total;
    },
    details: (state: Confusion) => ({ matrix: rowsOf(state) }),
    draw: (state: Confusion, title: string) => drawMatrix(rowsOf(state), title),
  }),
});

function rowsOf(state: Confusion): number[][] {
  const { classes } = marginsOf(state);
  return Array.from({ length: classes }, (_, row) => state.confusion.slice(row * classes, (row + 1) * classes));
}
