import { arange, formatShape, less, logSoftmax, type NDArray, reshape, sameShape, softmax, where } from '@lossworks/ndarray';
import { sameAsData, sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { Operator } from '../operator.js';
import { bool, choice, float, int, optional } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

type Apply = (x: NDArray, axis: number) => NDArray;

const rows = {
  softmax,
  log_softmax: logSoftmax,
  softmin: (x, axis) => softmax(x.neg(), axis),
} satisfies { readonly [name: string]: Apply };

const parameters = {
  axis: int('The axis.', { fallback: -1 }),
  temperature: optional(float('Divides the input first.')),
  dtype: optional(choice('Element type of the output.', ['float32'])),
  use_length: bool('Take a second input that says how many elements along the axis count; the others give 0.', { fallback: false }),
};

/** eˣ / Σ eˣ along an axis, and its logarithm. */
export const softmaxOperators = Object.fromEntries(
  Object.entries<Apply>(rows).map(([name, apply]) => [name, softmaxOperator(name, apply)]),
) as { readonly [Name in keyof typeof rows]: Operator<typeof parameters> };

function softmaxOperator(name: string, apply: Apply): Operator<typeof parameters> {
  return defineOperator({
    name,
    parameters,
    inputs: ({ use_length }) => (use_length ? ['data', 'length'] : ['data']),
    completeShapes: (shapes, { axis, use_length }) => {
      if (!use_length) return sameShapes(shapes);
      const { inputs: [data], ...rest } = sameAsData(shapes);
      return { inputs: [data, data ? without(data, axis) : shapes.inputs[1]], ...rest };
    },
    record: ({ inputs: [data, length], parameters: { axis, temperature } }) => {
      const along = axisIn(axis, data!.shape);
      const scaled = temperature === null ? data! : data!.div(temperature);
      if (!length) return [apply(scaled, along)];
      const counts = countedAlong(scaled, length, along);
      return [where(counts, apply(where(counts, scaled, farBelow), along), 0)];
    },
  });
}

/** Nothing is left of it beside any other number, and it is none that makes a difference undefined. */
const farBelow = -3e38;

/** Which elements along the axis stand before the length of their row. */
function countedAlong(data: NDArray, length: NDArray, axis: number): NDArray {
  const { shape } = data;
  if (!sameShape(length.shape, without(shape, axis))) {
    throw new RangeError(`length has shape ${formatShape(length.shape)}, data ${formatShape(shape)} and axis ${axis} need ${formatShape(without(shape, axis))}`);
  }
  const positions = reshape(arange(shape[axis]!).cast('float32'), shape.map((_, one) => (one === axis ? shape[axis]! : 1)));
  return less(positions, reshape(length.cast('float32'), shape.map((dimension, one) => (one === axis ? 1 : dimension))));
}

function without(shape: readonly number[], axis: number): number[] {
  const removed = axisIn(axis, shape);
  return shape.filter((_, one) => one !== removed);
}

/**
 * Softmax over the last axis (`instance`) or axis 1 (`channel`). The gradient is the true derivative; MXNet 1.9.1's is wrong for `instance` with more
 * than two axes.
 */
export const softmaxActivationOperator = defineOperator({
  name: 'SoftmaxActivation',
  parameters: { mode: choice('The axis: the last one, or channels.', ['instance', 'channel'], { fallback: 'instance' }) },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { mode } }) => [softmax(data!, mode === 'channel' ? axisIn(1, data!.shape) : data!.shape.length - 1)],
});
