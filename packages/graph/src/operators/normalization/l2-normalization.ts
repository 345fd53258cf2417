import { formatShape, sqrt, square, sum } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { choice, float } from '../parameters/index.js';

const axesOf = {
  instance: (rank: number) => Array.from({ length: rank - 1 }, (_, axis) => axis + 1),
  channel: () => [1],
  spatial: (rank: number) => Array.from({ length: rank - 2 }, (_, axis) => axis + 2),
};

/** x / √(Σx² + eps), the sum over everything but the batch, over channels, or over spatial axes. */
export const l2NormalizationOperator = defineOperator({
  name: 'L2Normalization',
  parameters: {
    eps: float('Added to the sum.', { fallback: 1e-10 }),
    mode: choice('What the sum goes over.', ['instance', 'channel', 'spatial'], { fallback: 'instance' }),
  },
  inputs: () => ['data'],
  hiddenOutputs: () => 1,
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { eps, mode } }) => {
    const rank = data!.shape.length;
    const least = mode === 'instance' ? 2 : 3;
    if (rank < least) throw new RangeError(`data ${formatShape(data!.shape)} needs at least ${least} axes for mode ${mode}`);
    const squares = sum(square(data!), { axes: axesOf[mode](rank), keepDims: true });
    return [data!.div(sqrt(squares.add(eps)))];
  },
});
