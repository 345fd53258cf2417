import { logSoftmax, softmax, type NDArray } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
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
  use_length: bool('Accepted as False alone.', { fallback: false }),
};

/** eˣ / Σ eˣ along an axis, and its logarithm. */
export const softmaxOperators = Object.fromEntries(
  Object.entries<Apply>(rows).map(([name, apply]) => [name, softmaxOperator(name, apply)]),
) as { readonly [Name in keyof typeof rows]: Operator<typeof parameters> };

function softmaxOperator(name: string, apply: Apply): Operator<typeof parameters> {
  return defineOperator({
    name,
    parameters,
    inputs: () => ['data'],
    completeShapes: sameShapes,
    record: ({ inputs: [data], parameters: { axis, temperature, use_length } }) => {
      if (use_length) throw new RangeError('use_length is not supported; mask the data before the softmax');
      return [apply(temperature === null ? data! : data!.div(temperature), axisIn(axis, data!.shape))];
    },
  });
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
