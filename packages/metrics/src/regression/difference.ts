import { misfit, type Pair } from '../metric-update.js';
import { tallyPairs } from '../state/tally.js';

/**
 * A metric that averages, over pairs, one number made of the mean of `term(label − prediction)`. MXNet counts every pair as one,
 * whatever its size, and reads an array of one axis as a column: `[n]` against `[n,k]` compares each label with k predictions.
 */
export function meanOverPairs(term: (difference: number) => number, finish: (mean: number) => number = mean => mean) {
  return tallyPairs(pair => ({ sum: finish(meanOfDifferences(pair, term)), count: 1 }));
}

function meanOfDifferences(pair: Pair, term: (difference: number) => number): number {
  const labelShape = asColumn(pair.label.shape);
  const predShape = asColumn(pair.pred.shape);
  const shape = broadcast(pair, labelShape, predShape);
  const labelStrides = broadcastStrides(labelShape, shape);
  const predStrides = broadcastStrides(predShape, shape);
  let sum = 0;
  let count = 0;
  const visit = (axis: number, labelAt: number, predAt: number): void => {
    if (axis === shape.length) {
      sum += term(pair.label.data[labelAt]! - pair.pred.data[predAt]!);
      count++;
      return;
    }
    for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, labelAt + i * labelStrides[axis]!, predAt + i * predStrides[axis]!);
  };
  visit(0, 0, 0);
  return sum / count;
}

function asColumn(shape: readonly number[]): readonly number[] {
  return shape.length === 1 ? [shape[0]!, 1] : shape;
}

/** NumPy's common shape. */
function broadcast(pair: Pair, a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis + a.length - rank] ?? 1;
    const right = b[axis + b.length - rank] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw misfit(pair, `they cannot be subtracted, ${left} against ${right} in axis ${axis}`, 'give one label a prediction');
    }
    return left === 1 ? right : left;
  });
}

/** Strides of `from` read as `to`: 0 along repeated axes. */
function broadcastStrides(from: readonly number[], to: readonly number[]): readonly number[] {
  const strides = new Array<number>(to.length).fill(0);
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis] !== 1) strides[axis + to.length - from.length] = stride;
    stride *= from[axis]!;
  }
  return strides;
}
