import { metricClass } from '../metric-class.js';
import { confusionState, marginsOf, type Confusion } from '../state/confusion.js';

/** How far apart two classes are. */
const distances = {
  none: (i: number, j: number) => Number(i !== j),
  linear: (i: number, j: number) => Math.abs(i - j),
  quadratic: (i: number, j: number) => (i - j) ** 2,
} as const;

/**
 * Agreement beyond chance, 1 − Σ w·C / Σ w·E with E the counts expected of independent margins; `weights` is 'none', 'linear' or 'quadratic' (Cohen
 * 1960, 1968).
 *
 * @throws RangeError for other `weights`.
 */
export const CohenKappa = metricClass({
  className: 'CohenKappa',
  names: ['cohen_kappa', 'kappa'],
  parameters: { task: 'multiclass' as 'binary' | 'multiclass', threshold: 0.5, axis: 1, weights: 'none' as keyof typeof distances },
  choices: { weights: distances },
  define({ weights, ...options }) {
    return {
      ...confusionState(options),
      compute(state: Confusion) {
        const { classes, predicted, labelled, total } = marginsOf(state);
        let observed = 0;
        let expected = 0;
        state.confusion.forEach((count, at) => {
          const [i, j] = [Math.floor(at / classes), at % classes];
          const distance = distances[weights](i, j);
          observed += distance * count;
          expected += (distance * predicted[i]! * labelled[j]!) / total;
        });
        return 1 - observed / expected;
      },
    };
  },
});
