import {
  arange, broadcastTo, cast, concat, constant, div, equal, formatShape, greater, log, logicalOr, logSoftmax, logSumExp, matmul, maximum, mul, reshape, sub, sum, where, type NDArray,
} from '@lossworks/ndarray';
import { float } from '@lossworks/graph';
import { defineLoss } from './define-loss.js';
import type { RecordedLosses } from './loss.js';
import { checkMatrix, likeData, normalized, squaredDistances } from './rows.js';

const temperature = { temperature: float('τ: the smaller, the more the nearest count.', { fallback: 0.1 }) };
/** Takes a pair out of a sum of exponentials. */
const never = -1e30;

/** (1, n): whether a column is padding. */
function padding(real: NDArray): NDArray {
  return equal(reshape(real, [1, real.size]), 0);
}

/** (n, n): whether a row must not see a column: the same sample, and padding. */
function unseen(n: number, real: NDArray | undefined): NDArray {
  return real ? logicalOr(diagonal(n), padding(real)) : diagonal(n);
}

/** Losses of samples alone. */
function ofReal(losses: NDArray, counts: NDArray | undefined, real: NDArray | undefined): RecordedLosses {
  return real ? { losses: mul(losses, real), counts: counts ? mul(counts, real) : real } : { losses, counts };
}

/** (n, n): whether row and column are the same sample. */
function diagonal(n: number): NDArray {
  return equal(reshape(arange(n), [n, 1]), reshape(arange(n), [1, n]));
}

/**
 * KL(smoothed identity ‖ softmax_j(−‖aᵢ − bⱼ‖²)): each row of one view should be nearest to the same row of the other; a loss a row, of data1 and data2
 * `[batch, dimensions]`. `smoothingParameter` (0.3, 0 to 1) is the probability of all other rows (Bonadiman et al. 2019; MXNet gluon `SDMLLoss`). Reduction,
 * weights, errors: see `LossFunction`.
 */
export const sdmlLoss = defineLoss({
  name: 'SDMLLoss',
  formula: 'KL(smoothed identity ‖ softmax_j(−‖aᵢ − bⱼ‖²))',
  source: 'MXNet gluon SDMLLoss; Bonadiman et al. 2019',
  peers: ['gluon'],
  inputs: ['data1', 'data2'],
  samples: 'together',
  parameters: { smoothing_parameter: float('Probability given to the other rows together.', { fallback: 0.3, minimum: 0, maximum: 1 }) },
  inputShapes: (data) => ({ data2: data }),
  record: ({ data1, data2 }, { smoothing_parameter: smoothing }, real) => {
    checkMatrix('data1', data1);
    const n = data1.shape[0]!;
    const others = real ? div(real, maximum(sum(real).sub(1), 1)).mul(smoothing) : constant(smoothing / Math.max(1, n - 1), [n]);
    const target = where(diagonal(n), 1 - smoothing, broadcastTo(reshape(others, [1, n]), [n, n]));
    const scores = squaredDistances(data1, likeData(data2, data1, 'data2')).neg();
    const logProbabilities = logSoftmax(real ? where(padding(real), never, scores) : scores);
    return ofReal(sum(mul(target, sub(log(target.add(1e-12)), logProbabilities)), { axes: 1 }), undefined, real);
  },
});

/**
 * −log softmax over all other views of cos(zᵢ, ·)/τ, at the other view of i: a loss, and a weight, a view, `[2·batch]`, of data1 and data2 `[batch, dimensions]`; τ is
 * `temperature` (0.1) (SimCLR, Chen et al. 2020). Reduction, weights, errors: see `LossFunction`.
 */
export const ntXentLoss = defineLoss({
  name: 'NTXentLoss',
  formula: '−log(e^(cos(zᵢ, zⱼ)/τ) / Σ_{k≠i} e^(cos(zᵢ, z_k)/τ)), j the other view of i',
  source: 'Chen et al. 2020 (SimCLR)',
  peers: ['optax', 'pytorch-metric-learning'],
  inputs: ['data1', 'data2'],
  samples: 'together',
  parameters: temperature,
  inputShapes: (data) => ({ data2: data, sample_weight: [2 * data[0]!] }),
  record: ({ data1, data2 }, { temperature: tau }, real) => {
    checkMatrix('data1', data1);
    const both = real && concat([real, real]);
    const [first, second] = [normalized(data1), normalized(likeData(data2, data1, 'data2'))];
    const views = concat([first, second]);
    const similarity = where(unseen(views.shape[0]!, both), never, matmul(views, views, { transposeB: true }).div(tau));
    const own = sum(mul(first, second), { axes: 1 }).div(tau);
    return ofReal(sub(reshape(logSumExp(similarity), [views.shape[0]!]), concat([own, own])), undefined, both);
  },
});

/**
 * Mean over the others of the class of −log softmax(cos(zᵢ, ·)/τ): a loss a sample, of data `[batch, dimensions]` and label `[batch]`; τ is `temperature`
 * (0.1). Samples that are alone in their class have no loss and do not count (Khosla et al. 2020). Reduction, weights, errors: see `LossFunction`.
 */
export const supervisedContrastiveLoss = defineLoss({
  name: 'SupervisedContrastiveLoss',
  formula: '−1/|P(i)| Σ_{p∈P(i)} log(e^(cos(zᵢ, z_p)/τ) / Σ_{k≠i} e^(cos(zᵢ, z_k)/τ)), P(i) the others of the class',
  source: 'Khosla et al. 2020, L_out',
  peers: ['pytorch-metric-learning'],
  inputs: ['data', 'label'],
  samples: 'together',
  parameters: temperature,
  inputShapes: ([batch]) => ({ label: [batch!] }),
  // Any numbers would do to tell classes apart, but a label of −1 says that a sample has none, and float32 knows no odd numbers beyond.
  inputChecks: () => [{ input: 1, holds: 'classes', classes: 2 ** 24 }],
  record: ({ data, label }, { temperature: tau }, real) => {
    checkMatrix('data', data);
    const n = data.shape[0]!;
    if (label.size !== n) throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs [${n}]`);
    const rows = normalized(data);
    const hidden = unseen(n, real);
    const similarity = matmul(rows, rows, { transposeB: true }).div(tau);
    const alike = cast(equal(reshape(label, [n, 1]), reshape(label, [1, n])), 'float32');
    const positive = where(hidden, 0, alike);
    const count = sum(positive, { axes: 1 });
    const others = reshape(logSumExp(where(hidden, never, similarity)), [n]);
    // Mean over P(i) of (log Σ − similarity).
    const losses = sub(mul(others, count), sum(mul(positive, similarity), { axes: 1 }));
    return ofReal(div(losses, maximum(count, 1)), cast(greater(count, 0), 'float32'), real);
  },
});
