import { broadcastTo, cast, constant, div, greater, maximum, reshape, sum, type NDArray } from '@lossworks/ndarray';
import { choice, defineOperator, float } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';

/**
 * Identity whose gradient is the same constant everywhere: makes any expression a loss to be minimised. MXNet `MakeLoss`.
 */
export const makeLossOperator = defineOperator({
  name: 'MakeLoss',
  parameters: {
    grad_scale: float('The gradient.', { fallback: 1 }),
    valid_thresh: float('Elements above it are valid, for normalization `valid`.', { fallback: 0 }),
    normalization: choice('What the gradient is divided by: nothing, the rows, or the valid elements.', ['null', 'batch', 'valid'], { fallback: 'null' }),
  },
  inputs: () => ['data'],
  usesHeadGradient: () => false,
  inputChecks: (_, shapes) => numbersIn(shapes),
  completeShapes: identityShapes,
  record: ({ inputs: [data] }) => [data!],
  gradient: ({ inputs: [data], parameters: { grad_scale, valid_thresh, normalization } }) => {
    const gradients = {
      null: () => constant(grad_scale, data!.shape),
      // MXNet takes all axes but the last as rows; a single axis is one row.
      batch: () => constant(grad_scale / (data!.size / data!.shape.at(-1)!), data!.shape),
      valid: () => spread(div(grad_scale, maximum(sum(cast(greater(data!, valid_thresh), 'float32')), 1)), data!),
    };
    return [gradients[normalization]()];
  },
});

/** Identity with gradient 1. MXNet `make_loss`. */
export const makeLossLowerOperator = defineOperator({
  name: 'make_loss',
  parameters: {},
  inputs: () => ['data'],
  usesHeadGradient: () => false,
  inputChecks: (_, shapes) => numbersIn(shapes),
  completeShapes: identityShapes,
  record: ({ inputs: [data] }) => [data!],
  gradient: ({ inputs: [data] }) => [constant(1, data!.shape)],
});

function spread(number: NDArray, like: NDArray): NDArray {
  return broadcastTo(reshape(number, like.shape.map(() => 1)), like.shape);
}

function identityShapes<T extends { readonly inputs: readonly unknown[]; readonly outputs: readonly unknown[] }>(shapes: T): T {
  const shape = shapes.inputs[0] ?? shapes.outputs[0];
  return { ...shapes, inputs: [shape], outputs: [shape] };
}
