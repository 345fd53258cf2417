import { equal, formatShape, maximum, mul, relu, reshape, sqrt, square, sub, sum, where, type NDArray, type Shape } from '@lossworks/ndarray';
import { choice, float } from '@lossworks/graph';
import { within } from './check-inputs.js';
import { defineLoss } from './define-loss.js';
import { lengths, likeData } from './rows.js';

const pair = {
  inputs: ['data1', 'data2', 'label'] as const,
  samples: 'apart' as const,
  inputShapes: (data: Shape) => ({ data2: data, label: data.slice(0, 1) }),
};

function perRow(name: string, array: NDArray, data: NDArray): NDArray {
  const rows = data.shape[0]!;
  if (array.size !== rows) throw new RangeError(`${name} has shape ${formatShape(array.shape)}, data ${formatShape(data.shape)} needs [${rows}]`);
  return reshape(array, [rows]);
}

/** Cosine of the angle between vectors along the last axis, which disappears; 0 where one is zero. */
function cosines(a: NDArray, b: NDArray): NDArray {
  const products = sum(mul(a, b), { axes: -1, keepDims: true });
  const cosine = products.div(maximum(mul(lengths(a), lengths(b)), 1e-12));
  return reshape(cosine, a.shape.slice(0, -1));
}

/**
 * 1 − cos(a, b) where the label is 1 (alike), max(0, cos(a, b) − m) where it is −1 (different), 0 elsewhere: a loss a sample, of data1 and data2 `[batch,
 * dimensions]` and label `[batch]`; m is `margin` (0) (MXNet gluon `CosineEmbeddingLoss`). Reduction, weights, errors: see `LossFunction`.
 */
export const cosineEmbeddingLoss = defineLoss({
  ...pair,
  name: 'CosineEmbeddingLoss',
  formula: 'y = 1: 1 − cos(a, b); y = −1: max(0, cos(a, b) − m)',
  source: 'MXNet gluon CosineEmbeddingLoss',
  peers: ['torch', 'gluon', 'keras (CosineSimilarity)'],
  parameters: { margin: float('m.', { fallback: 0 }) },
  inputChecks: () => within(2, -1, 1, 'labels are −1 and 1'),
  record: ({ data1, data2, label }, { margin }) => {
    const cosine = cosines(data1, likeData(data2, data1, 'data2'));
    const kind = likeData(label, cosine);
    return { losses: where(equal(kind, 1), sub(1, cosine), where(equal(kind, -1), relu(cosine.sub(margin)), 0)) };
  },
});

/**
 * max(0, −y(a − b) + m), a loss an element, of data1, data2 and label of one shape: where the label is 1 the first should be larger, where it is −1 the
 * second; m is `margin` (0) (Herbrich et al. 2000). Reduction, weights, errors: see `LossFunction`.
 */
export const marginRankingLoss = defineLoss({
  ...pair,
  name: 'MarginRankingLoss',
  formula: 'max(0, −y(a − b) + m), y = ±1',
  source: 'Herbrich et al. 2000',
  peers: ['torch'],
  parameters: { margin: float('m.', { fallback: 0 }) },
  inputChecks: () => within(2, -1, 1, 'labels are −1 and 1'),
  inputShapes: (data) => ({ data2: data, label: data }),
  record: ({ data1, data2, label }, { margin }) => ({
    losses: relu(sub(margin, mul(likeData(label, data1), sub(data1, likeData(data2, data1, 'data2'))))),
  }),
});

/**
 * ½d² where the label is 1 (alike), ½max(0, m − d)² where it is 0 (different), d = ‖a − b‖: a loss a sample, of data1 and data2 `[batch, dimensions]` and
 * label `[batch]`; m is `margin` (1); the distance of equal vectors gets no gradient (Hadsell et al. 2006). Reduction, weights, errors: see `LossFunction`.
 */
export const contrastiveLoss = defineLoss({
  ...pair,
  name: 'ContrastiveLoss',
  formula: 'd = ‖a − b‖; ½(y·d² + (1 − y)·max(0, m − d)²)',
  source: 'Hadsell, Chopra and LeCun 2006',
  peers: ['pytorch-metric-learning (over all pairs)'],
  parameters: { margin: float('m.', { fallback: 1 }) },
  inputChecks: () => within(2, 0, 1, 'labels are 1 for a pair that is alike and 0 for one that is not'),
  record: ({ data1, data2, label }, { margin }) => {
    const distance = reshape(lengths(sub(data1, likeData(data2, data1, 'data2'))), data1.shape.slice(0, -1));
    const alike = perRow('label', label, data1);
    return { losses: mul(alike, square(distance)).add(mul(sub(1, alike), square(relu(sub(margin, distance))))), factor: 0.5 };
  },
});

/**
 * max(0, D(x, p) − D(x, n) + m): the positive nearer than the negative by a `margin` (1), a loss a sample, of data, positive and negative of one shape
 * `[batch, …]`. D is the squared distance, or with `distance: 'euclidean'` ‖x − p + 10⁻⁶‖ (Schroff et al. 2015; MXNet gluon `TripletLoss`). Reduction,
 * weights, errors: see `LossFunction`.
 */
export const tripletLoss = defineLoss({
  name: 'TripletLoss',
  formula: 'max(0, D(x, p) − D(x, n) + m); D squared distance, or distance ‖x − p + 10⁻⁶‖',
  source: 'MXNet gluon TripletLoss; Schroff et al. 2015 (FaceNet)',
  peers: ['torch (euclidean)', 'keras (Circle)', 'optax', 'pytorch-metric-learning', 'gluon'],
  inputs: ['data', 'positive', 'negative'],
  samples: 'apart',
  parameters: {
    margin: float('m.', { fallback: 1 }),
    distance: choice('squared (gluon) or euclidean (PyTorch).', ['squared', 'euclidean'], { fallback: 'squared' }),
  },
  inputShapes: (data) => ({ positive: data, negative: data }),
  record: ({ data, positive, negative }, { margin, distance }) => {
    const axes = data.shape.map((_, axis) => axis).slice(1);
    const squares = (difference: NDArray): NDArray => sum(square(difference), { axes });
    const distances = {
      squared: (other: NDArray) => squares(sub(other, data)),
      euclidean: (other: NDArray) => sqrt(squares(sub(data, other).add(1e-6))),
    };
    const to = distances[distance];
    return { losses: relu(sub(to(likeData(positive, data, 'positive')), to(likeData(negative, data, 'negative'))).add(margin)) };
  },
});
