import { convTranspose, formatShape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import type { ParameterValues } from '../parameter.js';
import { bool, choice, int, optional, tuple } from '../parameters/index.js';
import { addPerChannel } from './convolution.js';
import { perAxis } from './spatial.js';

const parameters = {
  kernel: tuple('Lengths of the kernel, one a spatial axis.', { minimum: 1 }),
  num_filter: int('Number of filters, the channels of the output.', { minimum: 1 }),
  stride: tuple('Steps between the windows of the output; 1 unless given.', { fallback: [], minimum: 1 }),
  dilate: tuple('Distance between the elements a kernel meets; 1 unless given.', { fallback: [], minimum: 1 }),
  pad: tuple('Elements cut off on both sides of each spatial axis; 0 unless given.', { fallback: [], minimum: 0 }),
  adj: tuple('Elements added behind each spatial axis; 0 unless given.', { fallback: [], minimum: 0 }),
  target_shape: tuple('Spatial shape of the output; pad and adj then follow from it.', { fallback: [] }),
  num_group: int('Groups of channels that do not see each other.', { fallback: 1, minimum: 1 }),
  no_bias: bool('Leave the bias out.', { fallback: true }),
  layout: optional(choice('Order of the axes.', ['NCW', 'NCHW', 'NCDHW'])),
  workspace: int('Accepted, without effect.', { fallback: 512 }),
  cudnn_tune: optional(choice('Accepted, without effect.', ['off', 'limited_workspace', 'fastest'])),
  cudnn_off: bool('Accepted, without effect.', { fallback: false }),
};

/** Transposed convolution: data (N, C, …) is spread by a weight (C, filters / groups, kernel…). */
export const deconvolutionOperator = defineOperator({
  name: 'Deconvolution',
  isKept: true,
  parameters,
  inputs: ({ no_bias }) => (no_bias ? ['data', 'weight'] : ['data', 'weight', 'bias']),
  completeShapes: ({ inputs: [data, weight], auxiliaryStates, outputs: [output] }, { kernel, num_filter, num_group, no_bias }) => {
    const channels = data?.[1] || (weight?.[0] ?? 0);
    const batch = data?.[0] || output?.[0] || 0;
    return {
      inputs: [
        data ? [batch, channels, ...data.slice(2)] : undefined,
        [channels, num_filter / num_group, ...kernel],
        ...(no_bias ? [] : [[num_filter]]),
      ],
      auxiliaryStates,
      outputs: [[batch, num_filter, ...kernel.map(() => 0)]],
    };
  },
  record: ({ inputs: [data, weight, bias], parameters: values }) => {
    const { num_filter, num_group, kernel } = values;
    if (data!.shape.length !== kernel.length + 2) {
      throw new RangeError(`data ${formatShape(data!.shape)} needs ${kernel.length + 2} axes for kernel ${formatShape(kernel)}: batch, channels and ${kernel.length} spatial; reshape it`);
    }
    if (num_filter % num_group !== 0 || data!.shape[1]! % num_group !== 0) {
      throw new RangeError(`num_group ${num_group} must divide num_filter ${num_filter} and the channels of data ${formatShape(data!.shape)}`);
    }
    const { spatial, pads, ...window } = geometry(data!.shape.slice(2), values);
    const result = convTranspose(data!, weight!, spatial, { ...window, pads, groups: num_group });
    return [bias ? addPerChannel(result, bias) : result];
  },
});

/** out = stride·(d − 1) + dilate·(k − 1) + 1 − 2·pad + adj, an axis; a target shape sets pad and adj. */
function geometry(data: readonly number[], { kernel, stride, dilate, pad, adj, target_shape }: ParameterValues<typeof parameters>) {
  const axes = kernel.length;
  const strides = perAxis(stride, 1, axes, 'stride');
  const dilations = perAxis(dilate, 1, axes, 'dilate');
  const givenPads = perAxis(pad, 0, axes, 'pad');
  const adjustments = perAxis(adj, 0, axes, 'adj');
  const targets = perAxis(target_shape, 0, axes, 'target_shape');
  const perSpatialAxis = data.map((length, axis) => {
    const full = strides[axis]! * (length - 1) + dilations[axis]! * (kernel[axis]! - 1) + 1;
    const target = targets[axis]!;
    if (target === 0) return { pad: givenPads[axis]!, out: full - 2 * givenPads[axis]! + adjustments[axis]! };
    if (target > full) {
      throw new RangeError(`target_shape ${formatShape(targets)} is larger than what spatial axis ${axis} of length ${length} gives, ${full}; use a smaller target or a larger stride`);
    }
    return { pad: Math.ceil((full - target) / 2), out: target };
  });
  return { strides, dilations, pads: perSpatialAxis.map((axis) => axis.pad), spatial: perSpatialAxis.map((axis) => axis.out) };
}
