import { arange, cast, constant, div, formatShape, less, maximum, mul, reshape, sizeOf, sum, type NDArray, type Shape } from '@lossworks/ndarray';
import { choice, float, int, type ParameterValues } from '@lossworks/graph';
import type { RecordedLosses } from './loss.js';

/** Parameters of every loss function. */
export const reductionParameters = {
  reduction: choice(
    'none: every loss; mean, sum: over all, shape (1,); batch, batch_sum: mean or sum of each sample, shape (batch,).', ['none', 'mean', 'sum', 'batch', 'batch_sum'], { fallback: 'mean' },
  ),
  loss_weight: float('Multiplies all losses.', { fallback: 1, minimum: 0 }),
  batch_axis: int('The axis of the samples.', { fallback: 0, minimum: 0 }),
};

export interface ReductionInputs {
  /** One number a sample, or a shape that broadcasts to the losses. Multiplies; the mean still divides by the number of losses. */
  readonly sampleWeight?: NDArray | undefined;
  /** How many leading samples are real, shape (); those behind them count nowhere. */
  readonly validRows?: NDArray | undefined;
}

/** Weighs and reduces losses. */
export function reduceLosses(recorded: RecordedLosses, inputs: ReductionInputs, parameters: ParameterValues<typeof reductionParameters>): NDArray {
  const { sampleWeight, validRows } = inputs;
  const { shape } = recorded.losses;
  const axis = parameters.batch_axis;
  if (axis >= shape.length) throw new RangeError(`batch_axis ${axis} does not exist in losses of shape ${formatShape(shape)}; give one from 0 to ${shape.length - 1}`);
  let { losses, counts } = recorded;
  if (sampleWeight) losses = mul(losses, alongLosses(sampleWeight, shape, axis));
  if (validRows) {
    const real = reshape(cast(less(cast(arange(shape[axis]!), 'float32'), validRows), 'float32'), onAxis(shape, axis));
    losses = mul(losses, real);
    counts = mul(counts ?? constant(1, shape), real);
  }
  const reduced = reducers[parameters.reduction](losses, counts, axis);
  const factor = (recorded.factor ?? 1) * parameters.loss_weight;
  return factor === 1 ? reduced : reduced.mul(factor);
}

type Reducer = (losses: NDArray, counts: NDArray | undefined, batchAxis: number) => NDArray;

const reducers: { readonly [R in ParameterValues<typeof reductionParameters>['reduction']]: Reducer } = {
  none: (losses) => losses,
  sum: (losses) => total(losses),
  mean: (losses, counts) => (counts ? div(total(losses), atLeastSome(total(counts))) : total(losses).div(losses.size)),
  batch: (losses, counts, batchAxis) => {
    const sums = sampleSums(losses, batchAxis);
    return counts ? div(sums, atLeastSome(sampleSums(counts, batchAxis))) : sums.div(losses.size / sums.size);
  },
  batch_sum: (losses, _, batchAxis) => sampleSums(losses, batchAxis),
};

function total(losses: NDArray): NDArray {
  return reshape(sum(losses), [1]);
}

function sampleSums(losses: NDArray, batchAxis: number): NDArray {
  return sum(losses, { axes: losses.shape.map((_, axis) => axis).filter((axis) => axis !== batchAxis) });
}

/** Where nothing counts the losses are 0 too, and so is their mean. */
function atLeastSome(counts: NDArray): NDArray {
  return maximum(counts, 1e-12);
}

function onAxis(shape: Shape, axis: number): Shape {
  return shape.map((length, each) => (each === axis ? length : 1));
}

function alongLosses(weight: NDArray, losses: Shape, batchAxis: number): NDArray {
  if (weight.size === losses[batchAxis]) return reshape(weight, onAxis(losses, batchAxis));
  const padded = [...new Array<number>(Math.max(0, losses.length - weight.shape.length)).fill(1), ...weight.shape];
  const fits = padded.length === losses.length && padded.every((length, axis) => length === 1 || length === losses[axis]);
  if (fits) return reshape(weight, padded);
  if (weight.size === sizeOf(losses)) return reshape(weight, losses);
  throw new RangeError(`sample_weight has shape ${formatShape(weight.shape)}, losses ${formatShape(losses)} need [${losses[batchAxis]}], or a shape that broadcasts to theirs`);
}
