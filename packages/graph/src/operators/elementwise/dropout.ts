import { less } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { bool, choice, float, tuple } from '../parameters/index.js';

/** In training each element is kept with probability 1 − p and then divided by it, else 0; in inference nothing happens. */
export const dropoutOperator = defineOperator({
  name: 'Dropout',
  parameters: {
    p: float('Probability of an element to be dropped.', { fallback: 0.5, minimum: 0, maximum: 1 }),
    mode: choice('Whether inference drops elements as well.', ['training', 'always'], { fallback: 'training' }),
    axes: tuple('Axes along which all elements share their fate.', { fallback: [] }),
    cudnn_off: bool('Accepted, without effect.', { fallback: false }),
  },
  inputs: () => ['data'],
  hiddenOutputs: () => 1,
  completeShapes: sameShapes,
  record: ({ inputs, parameters: { p, mode, axes }, isTrain, random }) => {
    const data = inputs[0]!;
    if (p === 0 || !(isTrain || mode === 'always')) return [data];
    const shared = axes.map((axis) => (axis < 0 ? axis + data.shape.length : axis));
    const shape = data.shape.map((dimension, axis) => (shared.includes(axis) ? 1 : dimension));
    const kept = less(random.uniform(shape, 0, 1), 1 - p).cast('float32');
    return [data.mul(kept.div(1 - p))];
  },
});
