import { abs, clip, log, mul, sigmoid, square, sub, tanh, withDerivative, type NDArray, type Shape } from '@lossworks/ndarray';
import { float } from '@lossworks/graph';
import { defineLoss } from './define-loss.js';
import { likeData } from './rows.js';

interface Pair {
  readonly data: NDArray;
  readonly label: NDArray;
}

const elementwise = {
  inputs: ['data', 'label'] as const,
  samples: 'apart' as const,
  inputShapes: (data: Shape) => ({ label: data }),
};

const differenceOf = ({ data, label }: Pair): NDArray => sub(data, likeData(label, data));
const distanceOf = (pair: Pair): NDArray => abs(differenceOf(pair));

/** ½d² within ±δ, and δ(|d| − ½δ) beyond: n(d − ½n), whose derivative is n, d limited to ±δ. */
function huber(difference: NDArray, delta: number): NDArray {
  const near = clip(difference, -delta, delta);
  return withDerivative(mul(near, sub(difference, near.mul(0.5))), difference, near);
}

/** |x − y|, a loss an element, of data and label of one shape; derivative 0 at 0 (MXNet gluon `L1Loss`). Reduction, weights, errors: see `LossFunction`. */
export const l1Loss = defineLoss({
  ...elementwise,
  name: 'L1Loss',
  formula: '|x − y|',
  source: 'MXNet gluon L1Loss',
  gradient: 'derivative, 0 at 0',
  peers: ['torch', 'keras', 'optax', 'tfjs', 'gluon'],
  parameters: {},
  record: (inputs) => ({ losses: distanceOf(inputs) }),
});

/** ½(x − y)², a loss an element, of data and label of one shape (MXNet gluon `L2Loss`). Reduction, weights, errors: see `LossFunction`. */
export const l2Loss = defineLoss({
  ...elementwise,
  name: 'L2Loss',
  formula: '½(x − y)²',
  source: 'MXNet gluon L2Loss',
  peers: ['torch (without ½)', 'keras (without ½)', 'optax', 'tfjs (without ½)', 'gluon'],
  parameters: {},
  record: (inputs) => ({ losses: square(differenceOf(inputs)), factor: 0.5 }),
});

/**
 * With d = |x − y|: ½d² where d ≤ δ, else δ(d − ½δ); a loss an element, of data and label of one shape. δ is `delta` (1, at least 0) (Huber 1964; gluon's
 * HuberLoss is `smoothL1Loss`). Reduction, weights, errors: see `LossFunction`.
 */
export const huberLoss = defineLoss({
  ...elementwise,
  name: 'HuberLoss',
  formula: 'd = |x − y|; d ≤ δ: ½d², else δ(d − ½δ)',
  source: 'Huber 1964',
  peers: ['torch', 'keras', 'optax', 'tfjs'],
  parameters: { delta: float('δ: where the parabola ends.', { fallback: 1, minimum: 0 }) },
  record: (inputs, { delta }) => ({ losses: huber(differenceOf(inputs), delta) }),
});

/**
 * The Huber loss divided by β, so that its slope is 1 far out; a loss an element, of data and label of one shape. β is `beta` (1, at least 0; 0 gives |x −
 * y|) (Girshick 2015; MXNet gluon `HuberLoss` with ρ = β). Reduction, weights, errors: see `LossFunction`.
 */
export const smoothL1Loss = defineLoss({
  ...elementwise,
  name: 'SmoothL1Loss',
  formula: 'd = |x − y|; d ≤ β: ½d²/β, else d − ½β',
  source: 'Girshick 2015 (Fast R-CNN); MXNet gluon HuberLoss with ρ = β',
  peers: ['torch', 'gluon (HuberLoss)'],
  parameters: { beta: float('β: where the parabola ends; 0 gives |x − y|.', { fallback: 1, minimum: 0 }) },
  record: (inputs, { beta }) => (beta === 0 ? { losses: distanceOf(inputs) } : { losses: huber(differenceOf(inputs), beta), factor: 1 / beta }),
});

/**
 * log cosh(x − y): ½d² near 0, |d| − log 2 far out; a loss an element, of data and label of one shape (Chen et al. 2019). Reduction, weights, errors: see
 * `LossFunction`.
 */
export const logCoshLoss = defineLoss({
  ...elementwise,
  name: 'LogCoshLoss',
  formula: 'log cosh(x − y)',
  source: 'Chen et al. 2019 (Log Hyperbolic Cosine Loss)',
  peers: ['keras', 'optax', 'tfjs'],
  parameters: {},
  record: (inputs) => {
    const difference = differenceOf(inputs);
    const distance = abs(difference);
    // log cosh d = |d| − log σ(2|d|) − log 2
    const losses = sub(distance, log(sigmoid(distance.mul(2)))).sub(Math.LN2);
    return { losses: withDerivative(losses, difference, tanh(difference)) };
  },
});
