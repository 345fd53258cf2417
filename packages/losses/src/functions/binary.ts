import { cast, formatShape, gather, log, maximum, mul, relu, reshape, sigmoid, square, sub, sum, type NDArray, type Shape } from '@lossworks/ndarray';
import { bool, choice, float } from '@lossworks/graph';
import { within } from './check-inputs.js';
import { defineLoss } from './define-loss.js';
import { checkMatrix, chosen, likeData } from './rows.js';
import { softplus } from './softplus.js';

const elementwise = {
  inputs: ['data', 'label'] as const,
  samples: 'apart' as const,
  inputShapes: (data: Shape) => ({ label: data }),
};
const bits = { inputChecks: () => within(1, 0, 1, 'labels are 0 and 1, or between') };
const signs = { inputChecks: () => within(1, -1, 1, 'labels are −1 and 1') };

/**
 * Cross entropy of σ(x), a loss an element, of data and label, 0 to 1, of one shape (MXNet gluon `SigmoidBinaryCrossEntropyLoss`). Optional `posWeight`
 * multiplies the loss of positives and broadcasts to the data; `fromSigmoid` takes data for probabilities. Reduction, weights, errors: see `LossFunction`.
 */
export const sigmoidCrossEntropyLoss = defineLoss({
  ...elementwise,
  ...bits,
  name: 'SigmoidCrossEntropyLoss',
  formula: '−q·y log σ(x) − (1 − y) log(1 − σ(x))',
  source: 'MXNet gluon SigmoidBinaryCrossEntropyLoss',
  gradient: 'derivative: σ(x) − y for q = 1',
  peers: ['torch', 'keras', 'optax', 'tfjs', 'gluon'],
  optionalInputs: ['pos_weight'],
  parameters: { from_sigmoid: bool('Whether data are probabilities already.', { fallback: false }) },
  record: ({ data, label, pos_weight }, { from_sigmoid }) => {
    const target = likeData(label, data);
    if (from_sigmoid) {
      const positive = mul(target, log(data.add(1e-12)));
      const negative = mul(sub(1, target), log(sub(1, data).add(1e-12)));
      return { losses: (pos_weight ? mul(positive, pos_weight) : positive).add(negative).neg() };
    }
    if (!pos_weight) return { losses: sub(softplus(data), mul(data, target)) };
    // x − x·y + (1 + (q − 1)y)·log(1 + e⁻ˣ)
    return { losses: data.sub(mul(data, target)).add(mul(mul(pos_weight.sub(1), target).add(1), softplus(data.neg()))) };
  },
});

/**
 * −α_t (1 − p_t)^γ log p_t: cross entropy of σ(x) in which what is easy counts little; a loss an element, of data and label, 0 or 1, of one shape (Lin et al.
 * 2017). `alpha` (0.25) weighs positives, 1 − alpha negatives, a negative number neither; `gamma` is 2, at least 0. Reduction, weights, errors: see
 * `LossFunction`.
 */
export const focalLoss = defineLoss({
  ...elementwise,
  ...bits,
  name: 'FocalLoss',
  formula: '−α_t (1 − p_t)^γ log p_t, p_t = σ(x) for y = 1, else 1 − σ(x)',
  source: 'Lin et al. 2017 (RetinaNet)',
  peers: ['torchvision', 'keras', 'optax'],
  parameters: {
    alpha: float('Weight of positives, 1 − α of negatives; a negative number: none.', { fallback: 0.25, maximum: 1 }),
    gamma: float('How much less the easy ones count.', { fallback: 2, minimum: 0 }),
  },
  record: ({ data, label }, { alpha, gamma }) => {
    const target = likeData(label, data);
    const entropy = sub(softplus(data), mul(data, target));
    const p = sigmoid(data);
    // 1 − p_t = p + y − 2·p·y
    const missing = p.add(target).sub(mul(p, target).mul(2));
    const focused = gamma === 0 ? entropy : mul(entropy, maximum(missing, 1e-12).pow(gamma));
    return { losses: alpha < 0 ? focused : mul(focused, target.mul(2 * alpha - 1).add(1 - alpha)) };
  },
});

const margin = { margin: float('How far beyond 0 a score has to be.', { fallback: 1 }) };
const violation = (data: NDArray, label: NDArray, m: number): NDArray => relu(sub(m, mul(data, likeData(label, data))));

/**
 * max(0, m − x·y), a loss an element, of data and label, −1 or 1, of one shape; m is `margin` (1) (MXNet gluon `HingeLoss`). Reduction, weights, errors: see
 * `LossFunction`.
 */
export const hingeLoss = defineLoss({
  ...elementwise,
  ...signs,
  name: 'HingeLoss',
  formula: 'max(0, m − x·y), y = ±1',
  source: 'MXNet gluon HingeLoss',
  peers: ['keras', 'optax', 'tfjs', 'gluon'],
  parameters: margin,
  record: ({ data, label }, { margin: m }) => ({ losses: violation(data, label, m) }),
});

/**
 * max(0, m − x·y)², a loss an element, of data and label, −1 or 1, of one shape; m is `margin` (1) (MXNet gluon `SquaredHingeLoss`). Reduction, weights,
 * errors: see `LossFunction`.
 */
export const squaredHingeLoss = defineLoss({
  ...elementwise,
  ...signs,
  name: 'SquaredHingeLoss',
  formula: 'max(0, m − x·y)², y = ±1',
  source: 'MXNet gluon SquaredHingeLoss',
  peers: ['keras', 'gluon'],
  parameters: margin,
  record: ({ data, label }, { margin: m }) => ({ losses: square(violation(data, label, m)) }),
});

/**
 * log(1 + e^(−x·y)), a loss an element, of data and label of one shape: −1 or 1, or 0 or 1 with `labelFormat: 'binary'` (MXNet gluon `LogisticLoss`).
 * Reduction, weights, errors: see `LossFunction`.
 */
export const logisticLoss = defineLoss({
  ...elementwise,
  name: 'LogisticLoss',
  formula: 'log(1 + e^(−x·y)), y = ±1',
  source: 'MXNet gluon LogisticLoss',
  peers: ['torch (SoftMarginLoss)', 'gluon'],
  parameters: { label_format: choice('signed: −1 and 1; binary: 0 and 1.', ['signed', 'binary'], { fallback: 'signed' }) },
  inputChecks: ({ label_format }) => (label_format === 'signed' ? within(1, -1, 1, 'labels are −1 and 1; for 0 and 1 set labelFormat: \'binary\'') : within(1, 0, 1, 'labels are 0 and 1; for −1 and 1 set labelFormat: \'signed\'')),
  record: ({ data, label }, { label_format }) => {
    const given = likeData(label, data);
    const target = label_format === 'signed' ? given.add(1).mul(0.5) : given;
    return { losses: sub(softplus(data), mul(data, target)) };
  },
});

/**
 * w_y Σ_{k≠y} max(0, m − x_y + x_k)^p / K, a loss a sample, of scores `[batch, classes]` and class indices `[batch]` (Crammer and Singer 2001, as a sum).
 * Optional `classWeight` `[classes]`; m is `margin` (1), p `power` ('1' or '2'). Reduction, weights, errors: see `LossFunction`.
 */
export const multiMarginLoss = defineLoss({
  name: 'MultiMarginLoss',
  formula: 'w_y Σ_{k≠y} max(0, m − x_y + x_k)^p / K',
  source: 'Crammer and Singer 2001, as a sum',
  peers: ['torch'],
  inputs: ['data', 'label'],
  optionalInputs: ['class_weight'],
  samples: 'apart',
  parameters: { ...margin, power: choice('p.', ['1', '2'], { fallback: '1' }) },
  inputShapes: ([batch, classes]) => ({ label: [batch!], class_weight: [classes!] }),
  inputChecks: (_, [data]) => [{ input: 1, holds: 'classes', classes: data![1]! }],
  record: ({ data, label, class_weight }, { margin: m, power }) => {
    checkMatrix('data', data);
    const [rows, classes] = data.shape as [number, number];
    if (label.size !== rows) throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs [${rows}]`);
    const truth = reshape(chosen(data, label), [rows, 1]);
    const powers = { 1: (x: NDArray) => x, 2: (x: NDArray) => square(x) };
    const all = sum(powers[power](relu(sub(data, truth).add(m))), { axes: 1 });
    // The true class is in the sum too: always with max(0, m)^p, since x_y − x_y is 0.
    const losses = all.sub(Math.max(0, m) ** Number(power)).div(classes);
    return { losses: class_weight ? mul(losses, gather(reshape(class_weight, [classes]), cast(reshape(label, [rows]), 'int32'))) : losses };
  },
});
