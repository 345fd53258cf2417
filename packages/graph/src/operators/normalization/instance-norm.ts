import { formatShape, mean, reshape, sqrt, square, type NDArray } from '@lossworks/ndarray';
import { sameAsData } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { NodeShapes } from '../operator.js';
import { bool, float, int } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

/** Each channel of each element of the batch normalised over its spatial axes (Ulyanov et al. 2016), by the biased variance. */
export const instanceNormOperator = defineOperator({
  name: 'InstanceNorm',
  parameters: { eps: float('Added to the variance.', { fallback: 1e-3 }) },
  inputs: () => ['data', 'gamma', 'beta'],
  hiddenOutputs: () => 2,
  completeShapes: (shapes) => withChannels(shapes, 1),
  record: ({ inputs: [data, gamma, beta], parameters: { eps } }) => {
    const { shape } = data!;
    if (shape.length < 3) throw new RangeError(`data ${formatShape(shape)} needs at least 3 axes: batch, channels and spatial ones`);
    const perChannel = shape.map((length, axis) => (axis === 1 ? length : 1));
    const normal = standardized(data!, shape.slice(2).map((_, axis) => axis + 2), eps);
    return [normal.mul(reshape(gamma!, perChannel)).add(reshape(beta!, perChannel))];
  },
});

/** Normalised over one axis (Ba et al. 2016), by the biased variance. */
export const layerNormOperator = defineOperator({
  name: 'LayerNorm',
  parameters: {
    axis: int('The axis.', { fallback: -1 }),
    eps: float('Added to the variance.', { fallback: 1e-5 }),
    output_mean_var: bool('Accepted as False alone.', { fallback: false }),
  },
  inputs: () => ['data', 'gamma', 'beta'],
  hiddenOutputs: () => 2,
  completeShapes: (shapes, { axis }) => withChannels(shapes, axis),
  record: ({ inputs: [data, gamma, beta], parameters: { axis: given, eps, output_mean_var } }) => {
    if (output_mean_var) throw new RangeError('output_mean_var is not supported; compute mean and variance with mean and square');
    const { shape } = data!;
    const axis = axisIn(given, shape);
    const alongAxis = shape.map((length, one) => (one === axis ? length : 1));
    return [standardized(data!, [axis], eps).mul(reshape(gamma!, alongAxis)).add(reshape(beta!, alongAxis))];
  },
});

/** (x − μ) / √(σ² + eps) over the axes. */
function standardized(x: NDArray, axes: readonly number[], eps: number): NDArray {
  const options = { axes, keepDims: true };
  const centered = x.sub(mean(x, options));
  return centered.div(sqrt(mean(square(centered), options).add(eps)));
}

function withChannels(shapes: NodeShapes, axis: number): NodeShapes {
  const { inputs, auxiliaryStates, outputs } = sameAsData(shapes);
  const [data] = inputs;
  const channels = data && [data[axisIn(axis, data)]!];
  return { inputs: [data, channels, channels], auxiliaryStates, outputs };
}
