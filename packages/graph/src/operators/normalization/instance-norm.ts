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
    const { normal } = statistics(data!, shape.slice(2).map((_, axis) => axis + 2), eps);
    return [normal.mul(reshape(gamma!, perChannel)).add(reshape(beta!, perChannel))];
  },
});

/** Normalised over one axis (Ba et al. 2016), by the biased variance. */
export const layerNormOperator = defineOperator({
  name: 'LayerNorm',
  parameters: {
    axis: int('The axis.', { fallback: -1 }),
    eps: float('Added to the variance.', { fallback: 1e-5 }),
    output_mean_var: bool('Give out the mean and √(variance + eps) as well.', { fallback: false }),
  },
  inputs: () => ['data', 'gamma', 'beta'],
  outputs: ({ output_mean_var }) => (output_mean_var ? ['output', 'mean', 'std'] : ['output']),
  hiddenOutputs: ({ output_mean_var }) => (output_mean_var ? 0 : 2),
  completeShapes: (shapes, { axis }) => withChannels(shapes, axis),
  record: ({ inputs: [data, gamma, beta], parameters: { axis: given, eps, output_mean_var } }) => {
    const { shape } = data!;
    const axis = axisIn(given, shape);
    const alongAxis = shape.map((length, one) => (one === axis ? length : 1));
    const { normal, center, deviation } = statistics(data!, [axis], eps);
    const output = normal.mul(reshape(gamma!, alongAxis)).add(reshape(beta!, alongAxis));
    return output_mean_var ? [output, center, deviation] : [output];
  },
});

/** Groups of channels of each element of the batch normalised (Wu and He 2018); gamma and beta have a number a group in MXNet 1.9.1. */
export const groupNormOperator = defineOperator({
  name: 'GroupNorm',
  parameters: {
    num_groups: int('Groups that the channels are divided into.', { fallback: 1, minimum: 1 }),
    eps: float('Added to the variance.', { fallback: 1e-5 }),
    output_mean_var: bool('Give out the mean and √(variance + eps) as well.', { fallback: false }),
  },
  inputs: () => ['data', 'gamma', 'beta'],
  outputs: ({ output_mean_var }) => (output_mean_var ? ['output', 'mean', 'std'] : ['output']),
  hiddenOutputs: ({ output_mean_var }) => (output_mean_var ? 0 : 2),
  completeShapes: (shapes, { num_groups }) => {
    const { inputs, auxiliaryStates, outputs } = sameAsData(shapes);
    return { inputs: [inputs[0], [num_groups], [num_groups]], auxiliaryStates, outputs };
  },
  record: ({ inputs: [data, gamma, beta], parameters: { num_groups, eps, output_mean_var } }) => {
    const { shape } = data!;
    const [batch, channels = 0, ...spatial] = shape as [number, ...number[]];
    if (shape.length < 3 || channels % num_groups !== 0) throw new RangeError(`data ${formatShape(shape)} needs at least 3 axes, and channels that num_groups ${num_groups} divides`);
    const groups = reshape(data!, [batch, num_groups, channels / num_groups, ...spatial]);
    const perGroup = [1, num_groups, ...groups.shape.slice(2).map(() => 1)];
    const { normal, center, deviation } = statistics(groups, groups.shape.slice(2).map((_, axis) => axis + 2), eps);
    const output = reshape(normal.mul(reshape(gamma!, perGroup)).add(reshape(beta!, perGroup)), shape);
    const each = (of: NDArray) => reshape(of, [batch, num_groups]);
    return output_mean_var ? [output, each(center), each(deviation)] : [output];
  },
});

/** (x − μ) / √(σ² + eps) over the axes, μ and √(σ² + eps). */
function statistics(x: NDArray, axes: readonly number[], eps: number): { readonly normal: NDArray; readonly center: NDArray; readonly deviation: NDArray } {
  const options = { axes, keepDims: true };
  const center = mean(x, options);
  const centered = x.sub(center);
  const deviation = sqrt(mean(square(centered), options).add(eps));
  return { normal: centered.div(deviation), center, deviation };
}

function withChannels(shapes: NodeShapes, axis: number): NodeShapes {
  const { inputs, auxiliaryStates, outputs } = sameAsData(shapes);
  const [data] = inputs;
  const channels = data && [data[axisIn(axis, data)]!];
  return { inputs: [data, channels, channels], auxiliaryStates, outputs };
}
