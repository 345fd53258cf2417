import { metricClass } from '../metric-class.js';
import { misfit, pairsOf, type Pair } from '../metric-update.js';
import { checkChoice } from '../option-checks.js';
import { embeddingRows } from './embedding-rows.js';

/** By class: samples and sums of coordinates, and the sum of all squares. */
type ClassSums = { readonly dimensions: number; readonly squares: number; readonly counts: readonly number[]; readonly sums: readonly number[] };

const measures = {
  within: ({ within }: Spread) => within,
  between: ({ between }: Spread) => between,
  ratio: ({ within, between }: Spread) => within / between,
} as const;

type Spread = { readonly within: number; readonly between: number };

/**
 * How close embeddings `[samples, dimensions]` lie to the mean of their class, and those means apart: `measure` 'within' is the mean squared distance
 * of samples to their class mean, 'between' that of class means (each as often as it has samples) to the mean of all, 'ratio' the one over the other.
 * Together they are the variance (Fisher 1936).
 *
 * @throws RangeError for another `measure`; in `update`, for class ids outside 0 to 65535, or embeddings of another length than before.
 */
export const EmbeddingSpread = metricClass({
  className: 'EmbeddingSpread',
  names: ['embedding_spread', 'embeddingspread'],
  displayName: 'embedding-spread',
  parameters: { measure: 'ratio' as keyof typeof measures },
  nameSuffix: ({ measure }) => `-${measure}`,
  define({ measure }) {
    checkChoice('EmbeddingSpread', 'measure', measure, measures);
    const initial = (): ClassSums => ({ dimensions: 0, squares: 0, counts: [], sums: [] });
    return {
      kind: 'sums by class',
      initial,
      merge,
      measure: update => pairsOf(update).map(sumByClass).reduce(merge, initial()),
      compute: (state: ClassSums) => (state.counts.length === 0 ? Number.NaN : measures[measure](spreadOf(state))),
      isConsistent: ({ counts, sums, dimensions }: ClassSums) => sums.length === counts.length * dimensions,
    };
  },
});

function sumByClass(pair: Pair): ClassSums {
  const { dimensions, labels, values } = embeddingRows(pair);
  const bad = labels.find(label => !(label >= 0 && label < 65536));
  if (bad !== undefined) throw misfit(pair, `class id ${bad} is outside 0 to 65535`, 'leave padding out and number the classes from 0');
  const counts = new Array<number>(Math.max(-1, ...labels) + 1).fill(0);
  const sums = new Array<number>(counts.length * dimensions).fill(0);
  let squares = 0;
  labels.forEach((label, row) => {
    counts[label]!++;
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d]!;
      sums[label * dimensions + d]! += value;
      squares += value * value;
    }
  });
  return { dimensions, squares, counts, sums };
}

function merge(a: ClassSums, b: ClassSums): ClassSums {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  if (a.dimensions !== b.dimensions) throw new RangeError(`embeddings of ${b.dimensions} dimensions after ${a.dimensions}; give every batch the same`);
  const add = (x: readonly number[], y: readonly number[]): number[] => Array.from({ length: Math.max(x.length, y.length) }, (_, i) => (x[i] ?? 0) + (y[i] ?? 0));
  return { dimensions: a.dimensions, squares: a.squares + b.squares, counts: add(a.counts, b.counts), sums: add(a.sums, b.sums) };
}

/** Σ‖x‖² − Σ n_c·‖μ_c‖² within, Σ n_c·‖μ_c‖² − n·‖μ‖² between, both over n. */
function spreadOf({ dimensions, squares, counts, sums }: ClassSums): Spread {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let ofMeans = 0;
  const whole = new Array<number>(dimensions).fill(0);
  sums.forEach((sum, i) => {
    const count = counts[Math.floor(i / dimensions)]!;
    if (count > 0) ofMeans += (sum * sum) / count;
    whole[i % dimensions]! += sum;
  });
  const ofWhole = whole.reduce((sum, value) => sum + value * value, 0) / total;
  return { within: (squares - ofMeans) / total, between: (ofMeans - ofWhole) / total };
}
