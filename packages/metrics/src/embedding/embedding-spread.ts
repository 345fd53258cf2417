import { metricClass } from '../metric-class.js';
import { misfit, type Pair } from '../metric-update.js';
import { addSums, exactDot, nearest, Summation, sumOver, type ExactSum } from '../state/exact-sum.js';
import { listsOf, mergeFields, plus } from '../state/merge-fields.js';
import { pairwise } from '../state/pairwise.js';
import { embeddingRows } from './embedding-rows.js';

/** By class: samples, the sum of the squares of all coordinates, and the sum of each coordinate. */
type ClassSums = { readonly dimensions: number; readonly counts: readonly number[]; readonly squares: readonly ExactSum[]; readonly sums: readonly (readonly ExactSum[])[] };

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
  names: ['embedding_spread'],
  parameters: { measure: 'ratio' as keyof typeof measures },
  choices: { measure: measures },
  nameSuffix: ({ measure }) => `-${measure}`,
  define: ({ measure }) => ({
    kind: 'sums by class',
    depths: { squares: 2, sums: 3 },
    ...pairwise((): ClassSums => ({ dimensions: 0, counts: [], squares: [], sums: [] }), merge, sumByClass),
    compute: (state: ClassSums) => (state.counts.length === 0 ? Number.NaN : measures[measure](spreadOf(state))),
    isConsistent: ({ dimensions, counts, squares, sums }: ClassSums) =>
      squares.length === counts.length && sums.length === counts.length && sums.every((of, id) => of.length === (counts[id] === 0 ? 0 : dimensions)),
  }),
});

function sumByClass(pair: Pair): ClassSums {
  const { dimensions, labels, values } = embeddingRows(pair);
  const bad = labels.find(label => !(label >= 0 && label < 65536));
  if (bad !== undefined) throw misfit(pair, `class id ${bad} is outside 0 to 65535`, 'leave padding out and number the classes from 0');
  const rows: number[][] = Array.from({ length: labels.reduce((most, label) => Math.max(most, label + 1), 0) }, () => []);
  labels.forEach((label, row) => rows[label]!.push(row * dimensions));
  return {
    dimensions,
    counts: rows.map(of => of.length),
    squares: rows.map(of => {
      const own = of.flatMap(start => values.slice(start, start + dimensions));
      return exactDot(own, own);
    }),
    sums: rows.map(of => (of.length === 0 ? [] : Array.from({ length: dimensions }, (_, d) => sumOver(of.length, i => values[of[i]! + d]!)))),
  };
}

const add = mergeFields<ClassSums>({ dimensions: Math.max, counts: listsOf(plus), squares: listsOf(addSums), sums: listsOf(listsOf(addSums)) });

function merge(a: ClassSums, b: ClassSums): ClassSums {
  if (a.counts.length > 0 && b.counts.length > 0 && a.dimensions !== b.dimensions) {
    throw new RangeError(`embeddings of ${b.dimensions} dimensions after ${a.dimensions}; give every batch the same`);
  }
  return add(a, b);
}

/** Of each class, n_c·Σ‖x − μ_c‖² = n_c·Σ‖x‖² − ‖Σx‖² within, and n_c·‖μ_c − μ‖² between; both over n. */
function spreadOf({ dimensions, counts, squares, sums }: ClassSums): Spread {
  const total = counts.reduce(plus, 0);
  const whole = sums.reduce(listsOf(addSums), []);
  let [within, between] = [0, 0];
  counts.forEach((count, id) => {
    if (count === 0) return;
    const own = new Summation().addProductOf([count], squares[id]!);
    for (let d = 0; d < dimensions; d++) {
      const sum = sums[id]![d]!;
      for (const part of sum) own.addProductOf([-part], sum);
      // n·Σ_c x − n_c·Σx = n·n_c·(μ_c − μ)
      const apart = nearest(new Summation().addProductOf([total], sum).addProductOf([-count], whole[d]!).take()) / total;
      between += (apart * apart) / count;
    }
    within += nearest(own.take()) / count;
  });
  return { within: within / total, between: between / total };
}
