import { metricClass } from '../metric-class.js';
import { tallyPairs } from '../state/tally.js';
import { classIds } from './class-predictions.js';

/**
 * Share of samples with argmax p = l (MXNet `Accuracy`). Predictions are scores such as `[samples, classes]`, the largest along `axis` counting (the
 * lowest index of equals), or class ids of the label's shape.
 */
export const Accuracy = metricClass({
  className: 'Accuracy',
  names: ['acc'],
  parameters: { axis: 1 },
  define: ({ axis }) =>
    tallyPairs(pair => {
      const { labels, predictions } = classIds(pair, axis);
      let hits = 0;
      for (let i = 0; i < labels.length; i++) if (labels[i] === predictions[i]) hits++;
      return { sum: hits, count: labels.length };
    }),
});
