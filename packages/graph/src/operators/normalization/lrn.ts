import { add, formatShape, pad, pow, slice, square, type NDArray } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { float, int } from '../parameters/index.js';

/** Local response normalisation (Krizhevsky et al. 2012): x · (knorm + alpha / nsize · Σ x²)^−beta over neighbouring channels. */
export const lrnOperator = defineOperator({
  name: 'LRN',
  parameters: {
    nsize: int('Number of channels in a neighbourhood, odd.', { minimum: 1 }),
    alpha: float('Weight of the sum.', { fallback: 1e-4 }),
    beta: float('Exponent.', { fallback: 0.75 }),
    knorm: float('Added to the sum.', { fallback: 2 }),
  },
  inputs: () => ['data'],
  hiddenOutputs: () => 1,
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { nsize, alpha, beta, knorm } }) => {
    const { shape } = data!;
    if (shape.length !== 4) throw new RangeError(`data ${formatShape(shape)} needs 4 axes: batch, channels, height, width`);
    if (nsize % 2 === 0 || nsize > shape[1]!) throw new RangeError(`nsize ${nsize} must be odd and at most the ${shape[1]} channels of data ${formatShape(shape)}`);
    const scale = neighbourSums(square(data!), (nsize - 1) / 2).mul(alpha / nsize).add(knorm);
    return [data!.mul(pow(scale, -beta))];
  },
});

/** Sums over the channels at most `reach` away. */
function neighbourSums(x: NDArray, reach: number): NDArray {
  const padded = pad(x, [0, reach, 0, 0], [0, reach, 0, 0]);
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const shifted = Array.from({ length: 2 * reach + 1 }, (_, offset) => slice(padded, [0, offset, 0, 0], [batch, channels + offset, height, width]));
  return shifted.reduce((total, one) => add(total, one));
}
