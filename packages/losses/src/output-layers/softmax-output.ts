import { arange, cast, div, equal, equalsClass, maximum, notEqual, reshape, sizeOf, slice, softmax, sub, sum, where, formatShape, type NDArray, type Shape } from '@lossworks/ndarray';
import { bool, choice, defineOperator, float, type ParameterValues } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';

const parameters = {
  grad_scale: float('Multiplies the gradient.', { fallback: 1 }),
  ignore_label: float('Label whose rows get no gradient, with use_ignore.', { fallback: -1 }),
  multi_output: bool('Softmax over axis 1, one label a position of the other axes.', { fallback: false }),
  use_ignore: bool('Whether ignore_label has an effect.', { fallback: false }),
  preserve_shape: bool('Softmax over the last axis, one label a row of it.', { fallback: false }),
  normalization: choice('What the gradient is divided by: nothing, the labels, or those not ignored.', ['null', 'batch', 'valid'], { fallback: 'null' }),
  out_grad: bool('Multiply the gradient by the head gradient, which is then needed.', { fallback: false }),
  smooth_alpha: float('Probability taken from the true class and spread over the others.', { fallback: 0, minimum: 0, maximum: 1 }),
};
type Values = ParameterValues<typeof parameters>;

/**
 * Softmax whose gradient is that of the cross entropy with the label: p − onehot(label). MXNet `SoftmaxOutput`, whose `out_grad` multiplies by the
 * softmax instead of the head gradient by mistake; here it does what its documentation says.
 */
export const softmaxOutputOperator = defineOperator({
  name: 'SoftmaxOutput',
  aliases: ['Softmax'],
  parameters,
  inputs: () => ['data', 'label'],
  usesHeadGradient: ({ out_grad }) => out_grad,
  inputChecks: ({ multi_output, preserve_shape, use_ignore, ignore_label }, shapes) => {
    const [data, label] = shapes;
    if (sameAs(data!, label!)) return numbersIn(shapes);
    return [...numbersIn(shapes), { input: 1, holds: 'classes', classes: classCount(data!, multi_output, preserve_shape), ...(use_ignore ? { ignore: Math.trunc(ignore_label) } : {}) }];
  },
  completeShapes: ({ inputs: [data, label], auxiliaryStates }, { multi_output }) => {
    if (!data) return { inputs: [data, label], auxiliaryStates, outputs: [undefined] };
    if (data.length < 2) throw new RangeError(`data has shape ${formatShape(data)}; it needs a batch and a class axis`);
    return { inputs: [data, label ? checkedLabel(data, label, multi_output) : defaultLabel(data, multi_output)], auxiliaryStates, outputs: [data] };
  },
  record: ({ inputs: [data], parameters: { multi_output, preserve_shape } }) => [
    multi_output ? softmax(data!, 1) : reshape(softmax(rowsOf(data!, preserve_shape)), data!.shape),
  ],
  gradient: ({ inputs: [, label], outputs: [p], outputGradients: [head], parameters: values }) => {
    const residual = sameAs(p!.shape, label!.shape)
      ? sub(p!, label!).mul(values.grad_scale)
      : values.multi_output ? positionGradient(p!, label!, values) : rowGradient(p!, label!, values);
    return [values.out_grad && head ? residual.mul(head) : residual, null];
  },
});

function sameAs(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

function classCount(data: Shape, multiOutput: boolean, preserveShape: boolean): number {
  if (multiOutput) return data[1]!;
  return preserveShape ? data.at(-1)! : sizeOf(data.slice(1));
}

function rowsOf(x: NDArray, preserveShape: boolean): NDArray {
  const classes = classCount(x.shape, false, preserveShape);
  return reshape(x, [x.size / classes, classes]);
}

/** One label a position (`multi_output`): MXNet divides by the positions of a sample unless it normalises by valid labels. */
function positionGradient(p: NDArray, label: NDArray, { use_ignore, ignore_label, normalization, grad_scale }: Values): NDArray {
  const [batch, classes] = p.shape as [number, number];
  const positions = p.size / (batch * classes);
  const columns = reshape(label, [batch, 1, positions]);
  const hit = equal(cast(columns, 'int32'), reshape(arange(classes), [1, classes, 1]));
  const residual = ignoring(sub(reshape(p, [batch, classes, positions]), cast(hit, 'float32')), columns, use_ignore, ignore_label);
  const scaled = {
    null: () => residual.mul(grad_scale / positions),
    batch: () => residual.mul(grad_scale / positions / batch),
    valid: () => div(residual.mul(grad_scale), validCount(label, ignore_label)),
  }[normalization]();
  return reshape(scaled, p.shape);
}

/** One label a row. */
function rowGradient(p: NDArray, label: NDArray, { use_ignore, ignore_label, normalization, grad_scale, preserve_shape, smooth_alpha }: Values): NDArray {
  const rows = rowsOf(p, preserve_shape);
  const [count, classes] = rows.shape as [number, number];
  const flat = reshape(label, [label.size]);
  // MXNet reads as many labels as there are rows; with more than two axes it has more than it reads.
  const read = label.size === count ? flat : slice(flat, [0], [count]);
  const hit = equalsClass(read, classes);
  const target = smooth_alpha === 0 ? cast(hit, 'float32') : where(hit, 1 - smooth_alpha, smooth_alpha / (classes - 1));
  const residual = ignoring(sub(rows, target), reshape(read, [count, 1]), use_ignore, ignore_label);
  const scaled = {
    null: () => residual.mul(grad_scale),
    batch: () => residual.mul(grad_scale / label.size),
    valid: () => div(residual.mul(grad_scale), validCount(label, ignore_label)),
  }[normalization]();
  return reshape(scaled, p.shape);
}

function ignoring(residual: NDArray, label: NDArray, useIgnore: boolean, ignoreLabel: number): NDArray {
  return useIgnore ? where(notEqual(cast(label, 'int32'), Math.trunc(ignoreLabel)), residual, 0) : residual;
}

/** MXNet leaves ignored labels out of the count even where they are not ignored. */
function validCount(label: NDArray, ignoreLabel: number): NDArray {
  return maximum(sum(cast(notEqual(cast(label, 'int32'), Math.trunc(ignoreLabel)), 'float32')), 1);
}

function defaultLabel(data: Shape, multiOutput: boolean): Shape {
  return multiOutput ? [data[0]!, data.slice(2).includes(0) ? 0 : sizeOf(data.slice(2))] : data.slice(0, -1);
}

function checkedLabel(data: Shape, label: Shape, multiOutput: boolean): Shape {
  const fits = (wanted: Shape): boolean => wanted.length === label.length && wanted.every((dimension, axis) => dimension === 0 || label[axis] === 0 || dimension === label[axis]);
  const accepted = multiOutput
    ? [data, defaultLabel(data, true), [data[0]!, ...data.slice(2)], [data[0]!, 1, ...data.slice(2)]]
    : [data, defaultLabel(data, false)];
  const fitting = accepted.find(fits);
  if (!fitting) throw new RangeError(`label has shape ${formatShape(label)}, data ${formatShape(data)} needs ${accepted.slice(1).map(formatShape).join(' or ')} (class indices) or ${formatShape(data)} (probabilities)`);
  return label.map((dimension, axis) => dimension || fitting[axis]!);
}

