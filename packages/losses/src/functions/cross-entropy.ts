import {
  cast, exp, formatShape, gather, log, matmul, max, maximum, mean, minimum, mul, notEqual, reshape, sizeOf, stopGradient, sub, sum, transpose, where, type NDArray, type Shape,
} from '@lossworks/ndarray';
import { bool, float, int, type ParameterValues } from '@lossworks/graph';
import { within } from './check-inputs.js';
import { defineLoss } from './define-loss.js';
import type { RecordedLosses } from './loss.js';
import { chosen, likeData } from './rows.js';

const parameters = {
  axis: int('The axis of the classes.', { fallback: -1 }),
  sparse_label: bool('Whether labels are class indices; else they are probabilities of the data’s shape.', { fallback: true }),
  from_logits: bool('Whether data are log probabilities already.', { fallback: false }),
  smoothing: float('Probability taken from the labels and spread evenly over all classes.', { fallback: 0, minimum: 0, maximum: 1 }),
  use_ignore: bool('Whether labels equal to ignore_label have no loss and do not count.', { fallback: false }),
  ignore_label: float('See use_ignore.', { fallback: -1 }),
};
type Values = ParameterValues<typeof parameters>;

interface Inputs {
  readonly data: NDArray;
  readonly label: NDArray;
  readonly class_weight?: NDArray | undefined;
}

const axisOf = (axis: number, data: Shape): number => (axis < 0 ? axis + data.length : axis);
const withoutAxis = (data: Shape, axis: number): Shape => data.filter((_, each) => each !== axisOf(axis, data));

/**
 * Cross entropy −log softmax(x)_y along `axis` (the last unless given) of data `[batch, …, classes]` with class indices `[batch, …]`, or with probabilities
 * of data's shape (`sparseLabel: false`), a loss a position (MXNet gluon `SoftmaxCrossEntropyLoss`). Optional `classWeight` `[classes]`: a mean then divides
 * by the weights of the labels that count. `smoothing` (0 to 1) spreads that probability evenly over all classes (Szegedy et al. 2016); `useIgnore` leaves
 * labels equal to `ignoreLabel` (−1) out; `fromLogits` takes data for log probabilities. Reduction, weights, errors: see `LossFunction`.
 */
export const softmaxCrossEntropyLoss = defineLoss({
  name: 'SoftmaxCrossEntropyLoss',
  formula: '−w_y log softmax(x)_y; of probabilities −Σ_k w_k y_k log softmax(x)_k; smoothing ε: y ← (1 − ε)y + ε/K',
  source: 'MXNet gluon SoftmaxCrossEntropyLoss; smoothing: Szegedy et al. 2016',
  gradient: 'derivative: softmax − y; 0 in ignored rows',
  peers: ['torch', 'keras', 'optax', 'tfjs', 'gluon'],
  inputs: ['data', 'label'],
  optionalInputs: ['class_weight'],
  samples: 'apart',
  parameters,
  inputShapes: (data, { axis, sparse_label }) => ({ label: sparse_label ? withoutAxis(data, axis) : data, class_weight: [data[axisOf(axis, data)]!] }),
  inputChecks: ({ axis, sparse_label, use_ignore, ignore_label }, [data]) => sparse_label
    ? [{ input: 1, holds: 'classes', classes: data![axisOf(axis, data!)]!, ...(use_ignore ? { ignore: Math.trunc(ignore_label) } : {}) }]
    : within(1, 0, Infinity, 'labels are probabilities; for class indices set sparseLabel: true'),
  record: (inputs, values) => {
    const { data } = inputs;
    const axis = axisOf(values.axis, data.shape);
    const classes = data.shape[axis];
    if (data.shape.length < 2 || classes === undefined) throw new RangeError(`data has shape ${formatShape(data.shape)}; it needs a batch axis and an axis ${values.axis} of classes`);
    const rest = withoutAxis(data.shape, axis);
    const rows = rowsAlong(data, axis);
    const weights = inputs.class_weight && reshape(inputs.class_weight, [checkedCount(inputs.class_weight, classes), 1]);
    const { losses, counts } = (values.sparse_label ? ofIndices : ofProbabilities)(rows, inputs, weights, values, axis);
    return { losses: reshape(losses, rest), counts: counts && reshape(counts, rest) };
  },
});

/** x − max x, and the logarithm of the sum of its exponentials: what log softmax is made of, without loss of precision. */
function scores(rows: NDArray, fromLogits: boolean): { shifted: NDArray; logSum: NDArray | undefined } {
  if (fromLogits) return { shifted: rows, logSum: undefined };
  const shifted = sub(rows, stopGradient(max(rows, { axes: 1, keepDims: true })));
  return { shifted, logSum: log(sum(exp(shifted), { axes: 1 })) };
}

const minusFrom = (logSum: NDArray | undefined, score: NDArray): NDArray => (logSum ? sub(logSum, score) : score.neg());

function ofIndices(rows: NDArray, { data, label }: Inputs, weights: NDArray | undefined, { from_logits, smoothing, use_ignore, ignore_label }: Values, axis: number): RecordedLosses {
  const [count, classes] = rows.shape as [number, number];
  if (label.size !== count) throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs ${formatShape(withoutAxis(data.shape, axis))}; for probabilities set sparseLabel: false`);
  const indices = cast(reshape(label, [count]), 'int32');
  const counted = use_ignore ? notEqual(indices, Math.trunc(ignore_label)) : undefined;
  // As in MXNet, an index outside the classes that nobody refused counts as the nearest class.
  const known = minimum(maximum(indices, 0), classes - 1);
  const { shifted, logSum } = scores(rows, from_logits);
  const ofLabel = weights && reshape(gather(weights, known), [count]);
  const weighed = (loss: NDArray): NDArray => (ofLabel ? mul(loss, ofLabel) : loss);
  let losses = weighed(minusFrom(logSum, chosen(shifted, known)));
  if (smoothing > 0) losses = losses.mul(1 - smoothing).add(spread(shifted, logSum, weights, classes).mul(smoothing));
  if (!counted) return { losses, counts: ofLabel };
  return { losses: where(counted, losses, 0), counts: weighed(cast(counted, 'float32')) };
}

/** Cross entropy with the same probability for every class: Σ_k −w_k log p_k / K. */
function spread(shifted: NDArray, logSum: NDArray | undefined, weights: NDArray | undefined, classes: number): NDArray {
  if (!weights) return minusFrom(logSum, mean(shifted, { axes: 1 }));
  const weighted = reshape(matmul(shifted, weights), [shifted.shape[0]!]).div(classes);
  return minusFrom(logSum && mul(logSum, mean(weights)), weighted);
}

function ofProbabilities(rows: NDArray, { data, label }: Inputs, weights: NDArray | undefined, { from_logits, smoothing }: Values, axis: number): RecordedLosses {
  const { shifted, logSum } = scores(rows, from_logits);
  const classes = rows.shape[1]!;
  const given = rowsAlong(likeData(label, data), axis);
  const smooth = smoothing > 0 ? given.mul(1 - smoothing).add(smoothing / classes) : given;
  const target = weights ? mul(smooth, reshape(weights, [1, classes])) : smooth;
  return { losses: minusFrom(logSum && mul(logSum, sum(target, { axes: 1 })), sum(mul(target, shifted), { axes: 1 })) };
}

/** (positions, classes). */
function rowsAlong(x: NDArray, axis: number): NDArray {
  const { shape } = x;
  const classes = shape[axis]!;
  const last = shape.length - 1;
  const moved = axis === last ? x : transpose(x, [...shape.keys()].filter((each) => each !== axis).concat(axis));
  return reshape(moved, [sizeOf(shape) / classes, classes]);
}

function checkedCount(weights: NDArray, classes: number): number {
  if (weights.size !== classes) throw new RangeError(`class_weight has shape ${formatShape(weights.shape)}, ${classes} classes need [${classes}]`);
  return classes;
}
