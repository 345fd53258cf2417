import { exp, greater, log, max, maximum, mul, square, stopGradient, sub, sum, where, type NDArray, type Shape } from '@lossworks/ndarray';
import { bool, float, int } from '@lossworks/graph';
import { within } from './check-inputs.js';
import { defineLoss } from './define-loss.js';
import { likeData } from './rows.js';

/**
 * Σ_k y_k (log y_k − log p_k) along `axis` (the last unless given): the label's distribution seen from the data's, a loss a distribution, of data and label
 * of one shape; data are log p, or with `fromLogits: false` scores (MXNet gluon `KLDivLoss`). Reduction, weights, errors: see `LossFunction`.
 */
export const klDivergenceLoss = defineLoss({
  name: 'KLDivergenceLoss',
  formula: 'Σ_k y_k (log y_k − log p_k)',
  source: 'MXNet gluon KLDivLoss',
  peers: ['torch', 'keras', 'optax', 'tfjs', 'gluon'],
  inputs: ['data', 'label'],
  samples: 'apart',
  parameters: {
    from_logits: bool('Whether data are log probabilities already.', { fallback: true }),
    axis: int('The axis of the distribution.', { fallback: -1 }),
  },
  inputShapes: (data) => ({ label: data }),
  inputChecks: () => within(1, 0, Infinity, 'labels are probabilities'),
  record: ({ data, label }, { from_logits, axis }) => {
    const target = likeData(label, data);
    const between = (logs: NDArray): NDArray => sum(mul(target, sub(log(target.add(1e-12)), logs)), { axes: axis });
    if (from_logits) return { losses: between(data) };
    // log softmax(x) = (x − max x) − log Σ e^(x − max x), whose last term is the same for the whole axis.
    const shifted = sub(data, stopGradient(max(data, { axes: axis, keepDims: true })));
    return { losses: between(shifted).add(mul(sum(target, { axes: axis }), log(sum(exp(shifted), { axes: axis })))) };
  },
});

/**
 * eˣ − y·x, a loss an element, of data and label, counts, of one shape: negative log likelihood under the Poisson distribution with rate eˣ, or x with
 * `fromLogits: false` (`epsilon`, 1e-8, is then added in the logarithm), without terms of y alone unless `computeFull` (MXNet gluon `PoissonNLLLoss`).
 * Reduction, weights, errors: see `LossFunction`.
 */
export const poissonLoss = defineLoss({
  name: 'PoissonNLLLoss',
  formula: 'eˣ − y·x, or x − y·log(x + ε) of rates; compute_full adds y log y − y + ½ log 2πy for y > 1',
  source: 'MXNet gluon PoissonNLLLoss',
  peers: ['torch', 'keras', 'optax', 'tfjs', 'gluon'],
  inputs: ['data', 'label'],
  samples: 'apart',
  parameters: {
    from_logits: bool('Whether data are logarithms of rates.', { fallback: true }),
    compute_full: bool('Whether to add Stirling’s approximation of log y!.', { fallback: false }),
    epsilon: float('ε.', { fallback: 1e-8, minimum: 0 }),
  },
  inputShapes: (data) => ({ label: data }),
  inputChecks: () => within(1, 0, Infinity, 'labels are counts'),
  record: ({ data, label }, { from_logits, compute_full, epsilon }) => {
    const target = likeData(label, data);
    const losses = from_logits ? sub(exp(data), mul(target, data)) : sub(data, mul(target, log(data.add(epsilon))));
    return { losses: compute_full ? losses.add(stirling(target)) : losses };
  },
});

function stirling(target: NDArray): NDArray {
  const large = greater(target, 1);
  const safe = where(large, target, 1);
  return where(large, mul(safe, log(safe)).sub(safe).add(log(safe.mul(2 * Math.PI)).mul(0.5)), 0);
}

/**
 * ½(log v + (x − y)²/v), a loss an element, of data, label and variance of one shape: negative log likelihood under the normal distribution with mean x and
 * variance v, at least `epsilon` (1e-6); `full` adds ½ log 2π (Nix and Weigend 1994). Reduction, weights, errors: see `LossFunction`.
 */
export const gaussianLoss = defineLoss({
  name: 'GaussianNLLLoss',
  formula: '½(log v + (x − y)²/v), v = max(variance, ε); full adds ½ log 2π',
  source: 'Nix and Weigend 1994',
  gradient: 'derivative; none reaches a variance below ε',
  peers: ['torch'],
  inputs: ['data', 'label', 'variance'],
  samples: 'apart',
  parameters: {
    full: bool('Whether to add the constant.', { fallback: false }),
    epsilon: float('ε.', { fallback: 1e-6, minimum: 0 }),
  },
  inputShapes: (data: Shape) => ({ label: data, variance: data }),
  inputChecks: () => within(2, 0, Infinity, 'a variance is no standard deviation, nor its logarithm'),
  record: ({ data, label, variance }, { full, epsilon }) => {
    const safe = maximum(likeData(variance, data, 'variance'), epsilon);
    const losses = log(safe).add(square(sub(data, likeData(label, data))).div(safe));
    return { losses: full ? losses.add(Math.log(2 * Math.PI)) : losses, factor: 0.5 };
  },
});
