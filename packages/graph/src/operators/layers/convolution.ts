import { conv, formatShape, reshape, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, int, optional, tuple } from '../parameters/index.js';
import { perAxis } from './spatial.js';

/** Cross-correlation over 1, 2 or 3 spatial axes: data (N, C, …), weight (filters, C / groups, kernel…). */
export const convolutionOperator = defineOperator({
  name: 'Convolution',
  // The operator of networks saved before MXNet 0.9.
  aliases: ['Convolution_v1'],
  isKept: true,
  parameters: {
    kernel: tuple('Lengths of the kernel, one a spatial axis.', { minimum: 1 }),
    num_filter: int('Number of filters, the channels of the output.', { minimum: 1 }),
    stride: tuple('Steps between windows; 1 unless given.', { fallback: [], minimum: 1 }),
    dilate: tuple('Distance between the elements a kernel meets; 1 unless given.', { fallback: [], minimum: 1 }),
    pad: tuple('Zeros on both sides of each spatial axis; 0 unless given.', { fallback: [], minimum: 0 }),
    num_group: int('Groups of channels that do not see each other.', { fallback: 1, minimum: 1 }),
    no_bias: bool('Leave the bias out.', { fallback: false }),
    layout: optional(choice('Order of the axes.', ['NCW', 'NCHW', 'NCDHW'])),
    workspace: int('Accepted, without effect.', { fallback: 1024 }),
    cudnn_tune: optional(choice('Accepted, without effect.', ['off', 'limited_workspace', 'fastest'])),
    cudnn_off: bool('Accepted, without effect.', { fallback: false }),
  },
  inputs: ({ no_bias }) => (no_bias ? ['data', 'weight'] : ['data', 'weight', 'bias']),
  completeShapes: ({ inputs: [data, weight], auxiliaryStates, outputs: [output] }, { kernel, num_filter, num_group, no_bias }) => {
    if (data) checkData(data, kernel, num_filter, num_group);
    const channels = data?.[1] || (weight?.[1] ?? 0) * num_group;
    const batch = data?.[0] || output?.[0] || 0;
    return {
      inputs: [
        data ? [batch, channels, ...data.slice(2)] : undefined,
        [num_filter, channels / num_group, ...kernel],
        ...(no_bias ? [] : [[num_filter]]),
      ],
      auxiliaryStates,
      outputs: [[batch, num_filter, ...kernel.map(() => 0)]],
    };
  },
  record: ({ inputs: [data, weight, bias], parameters: { kernel, num_filter, stride, dilate, pad, num_group } }) => {
    checkData(data!.shape, kernel, num_filter, num_group);
    const axes = kernel.length;
    const result = conv(data!, weight!, {
      strides: perAxis(stride, 1, axes, 'stride'),
      pads: perAxis(pad, 0, axes, 'pad'),
      dilations: perAxis(dilate, 1, axes, 'dilate'),
      groups: num_group,
    });
    return [bias ? addPerChannel(result, bias) : result];
  },
});

/** Adds one number a channel (axis 1). */
export function addPerChannel(x: NDArray, bias: NDArray): NDArray {
  return x.add(reshape(bias, [1, bias.size, ...x.shape.slice(2).map(() => 1)]));
}

function checkData(data: Shape, kernel: readonly number[], filters: number, groups: number): void {
  if (kernel.length < 1 || kernel.length > 3) throw new RangeError(`kernel ${formatShape(kernel)} has ${kernel.length} axes; 1, 2 and 3 are supported`);
  if (data.length !== kernel.length + 2) {
    throw new RangeError(`data ${formatShape(data)} needs ${kernel.length + 2} axes for kernel ${formatShape(kernel)}: batch, channels and ${kernel.length} spatial; reshape it`);
  }
  if (data[1]! % groups !== 0) throw new RangeError(`data ${formatShape(data)} has ${data[1]} channels, num_group ${groups} must divide them`);
  if (filters % groups !== 0) throw new RangeError(`num_filter ${filters} must be a multiple of num_group ${groups}`);
}
