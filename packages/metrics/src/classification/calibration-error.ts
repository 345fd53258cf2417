import { sameShape } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { misfit, type Pair } from '../metric-update.js';
import { checkWhole } from '../option-checks.js';
import { addSums, nearest, Summation, type ExactSum } from '../state/exact-sum.js';
import { listsOf, mergeFields, plus } from '../state/merge-fields.js';
import { pairwise } from '../state/pairwise.js';
import { labelOf, scoreRows } from './class-predictions.js';

/** By bins of confidence: samples, the sum of their confidences, and those that came true. */
type Bins = { readonly counts: readonly number[]; readonly confidences: readonly ExactSum[]; readonly hits: readonly number[] };

/** What becomes of the gaps |accuracy − confidence| of the bins; `share` is a bin's share of the samples. */
const norms = {
  l1: (gaps: readonly Gap[]) => gaps.reduce((sum, { gap, share }) => sum + gap * share, 0),
  l2: (gaps: readonly Gap[]) => Math.sqrt(gaps.reduce((sum, { gap, share }) => sum + gap ** 2 * share, 0)),
  max: (gaps: readonly Gap[]) => Math.max(...gaps.map(({ gap }) => gap)),
} as const;

type Gap = { readonly gap: number; readonly share: number };

/**
 * Gap of confidence and accuracy over `bins` of equal width; `norm` is 'l1' (expected), 'l2' or 'max' (Guo et al. 2017). Predictions are
 * probabilities: of class 1, `[samples]`, against labels 0 and 1, or rows of classes, where the largest counts.
 *
 * @throws RangeError for `bins` that are no whole number of at least 1, or another `norm`; in `update`, for a prediction outside 0 to 1 or a label that is none of the classes.
 */
export const CalibrationError = metricClass({
  className: 'CalibrationError',
  names: ['calibration_error', 'ece'],
  parameters: { bins: 15, norm: 'l1' as keyof typeof norms },
  choices: { norm: norms },
  define({ bins, norm }) {
    checkWhole('CalibrationError', 'bins', bins);
    const zeros = (): number[] => new Array<number>(bins).fill(0);
    return {
      kind: `confidence in ${bins} bins`,
      depths: { confidences: 2 },
      ...pairwise(
        (): Bins => ({ counts: zeros(), confidences: new Array(bins).fill([]), hits: zeros() }),
        mergeFields<Bins>({ counts: listsOf(plus), confidences: listsOf(addSums), hits: listsOf(plus) }),
        pair => {
          const [counts, hits] = [zeros(), zeros()];
          const confidences = counts.map(() => new Summation());
          for (const [confidence, isHit] of judgements(pair)) {
            const bin = Math.min(bins - 1, Math.floor(confidence * bins));
            counts[bin]!++;
            confidences[bin]!.add(confidence);
            hits[bin]! += Number(isHit);
          }
          return { counts, confidences: confidences.map(sum => sum.take()), hits };
        },
      ),
      compute({ counts, confidences, hits }: Bins) {
        const total = counts.reduce(plus, 0);
        if (total === 0) return Number.NaN;
        const filled = counts.flatMap((count, i) => (count === 0 ? [] : [{ gap: Math.abs(hits[i]! - nearest(confidences[i]!)) / count, share: count / total }]));
        return norms[norm](filled);
      },
      isConsistent: (state: Bins) => Object.values(state).every(list => list.length === bins),
    };
  },
});

function judgements(pair: Pair): (readonly [confidence: number, isHit: boolean])[] {
  const { label, pred } = pair;
  const outside = Array.from(pred.data).find(value => !(value >= 0 && value <= 1));
  if (outside !== undefined) throw misfit(pair, `prediction ${outside} is no probability`, 'apply softmax or sigmoid first');
  if (sameShape(label.shape, pred.shape)) return Array.from(pred.data, (confidence, i) => [confidence, labelOf(pair, i, 2) === 1]);
  const { samples, classes } = scoreRows(pair);
  return Array.from({ length: samples }, (_, sample) => {
    const row = Array.from({ length: classes }, (__, k) => pred.data[sample * classes + k]!);
    const confidence = Math.max(...row);
    return [confidence, row.indexOf(confidence) === labelOf(pair, sample, classes)];
  });
}
