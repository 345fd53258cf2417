import { activation, addN, batchNorm, clip, concat, convolution, leakyReLU, pad, pooling, type Symbol } from '@lossworks/graph';
import { array, type NDArray } from '@lossworks/ndarray';
import type { KerasLayer, Weight } from './layers-model.js';

/** What a layer is built with. Weights are written to `args` and `auxiliaryStates` under the names of the symbol's variables. */
export interface LayerCall {
  readonly layer: KerasLayer;
  readonly inputs: readonly Symbol[];
  /** A weight of the layer, or of another one. @throws where there is none. */
  weight(kind: string, layer?: KerasLayer): Weight;
  /** Batch normalization that alone follows this layer, and is folded into it. */
  readonly normalization: KerasLayer | undefined;
  readonly args: { [name: string]: NDArray };
  readonly auxiliaryStates: { [name: string]: NDArray };
  /** Height and width of the first input. */
  spatial(): readonly [number, number];
}

/** How a Keras layer becomes a symbol, images being (N, C, H, W) here and (N, H, W, C) there. A layer not listed, and what follows it, is left out. */
export const kerasLayers: { readonly [kind: string]: (call: LayerCall) => Symbol } = {
  ZeroPadding2D: ({ layer: { name, config }, inputs: [data] }) => padded(data!, config['padding'] as Padding, name),
  Conv2D: (call) => {
    const { shape: [height, width, channels, filters], data } = call.weight('kernel') as { shape: [number, number, number, number]; data: Float32Array };
    // (h, w, in, out) → (out, in, h, w)
    const weight = rearranged([filters, channels, height, width], (o, i, y, x) => data[((y * width + x) * channels + i) * filters + o]!);
    return convolved(call, { weight, filters, groups: 1, kernel: [height, width] });
  },
  DepthwiseConv2D: (call) => {
    const { shape: [height, width, channels, multiplier], data } = call.weight('depthwise_kernel') as { shape: [number, number, number, number]; data: Float32Array };
    const filters = channels * multiplier;
    // (h, w, in, multiplier) → (in·multiplier, 1, h, w)
    const weight = rearranged([filters, 1, height, width], (o, _, y, x) => data[(y * width + x) * filters + o]!);
    return convolved(call, { weight, filters, groups: channels, kernel: [height, width] });
  },
  BatchNormalization: (call) => {
    const { layer: { name, config }, inputs: [data], args, auxiliaryStates } = call;
    const { gamma, beta, mean, variance } = normalizationOf(call, call.layer);
    Object.assign(args, { [`${name}_gamma`]: array(gamma), [`${name}_beta`]: array(beta) });
    Object.assign(auxiliaryStates, { [`${name}_moving_mean`]: array(mean), [`${name}_moving_var`]: array(variance) });
    return batchNorm({ data: data!, eps: config['epsilon'] as number, fixGamma: false, useGlobalStats: true, name });
  },
  Activation: ({ layer: { name, config }, inputs: [data] }) => activated(data!, config['activation'] as string, name),
  ReLU: ({ layer: { name, config }, inputs: [data] }) => {
    const limit = config['max_value'] as number | null;
    const slope = config['negative_slope'] as number;
    if (slope !== 0) return leakyReLU({ data: data!, slope, name });
    return limit === null ? activation({ data: data!, actType: 'relu', name }) : clip({ data: data!, aMin: 0, aMax: limit, name });
  },
  MaxPooling2D: (call) => pooled(call, 'max'),
  AveragePooling2D: (call) => pooled(call, 'avg'),
  Concatenate: ({ layer: { name }, inputs }) => concat({ inputs, dim: 1, name }),
  Add: ({ layer: { name }, inputs }) => addN({ inputs, name }),
};

type Padding = readonly [readonly [number, number], readonly [number, number]];

function padded(data: Symbol, [[top, bottom], [left, right]]: Padding, name: string): Symbol {
  return pad({ data, mode: 'constant', padWidth: [0, 0, 0, 0, top, bottom, left, right], name });
}

interface Kernel {
  readonly weight: { readonly shape: readonly number[]; readonly data: Float32Array };
  readonly filters: number;
  readonly groups: number;
  readonly kernel: readonly [number, number];
}

/** With the normalization behind it folded in: γ/√(σ² + ε) · (w∗x − μ) + β is a convolution as well. */
function convolved(call: LayerCall, { weight, filters, groups, kernel }: Kernel): Symbol {
  const { layer: { config }, normalization, args } = call;
  const name = (normalization ?? call.layer).name;
  let bias = config['use_bias'] === true ? call.weight('bias').data : undefined;
  if (normalization) {
    const { gamma, beta, mean, variance } = normalizationOf(call, normalization);
    const epsilon = normalization.config['epsilon'] as number;
    const factors = gamma.map((value, i) => value / Math.sqrt(variance[i]! + epsilon));
    const perFilter = weight.data.length / filters;
    weight.data.forEach((value, i) => (weight.data[i] = value * factors[Math.floor(i / perFilter)]!));
    bias = beta.map((value, i) => value + ((bias?.[i] ?? 0) - mean[i]!) * factors[i]!);
  }
  args[`${name}_weight`] = array(weight.data, { shape: weight.shape });
  if (bias) args[`${name}_bias`] = array(bias);
  const stride = config['strides'] as [number, number];
  const dilate = config['dilation_rate'] as [number, number];
  const { data, pad: around } = samePadding(call, kernel, stride, dilate);
  const result = convolution({ data, kernel, stride, dilate, pad: around, numFilter: filters, numGroup: groups, noBias: !bias, name });
  return config['activation'] === 'linear' ? result : activated(result, config['activation'] as string, `${name}_${String(config['activation'])}`);
}

function pooled(call: LayerCall, poolType: 'max' | 'avg'): Symbol {
  const { config, name } = call.layer;
  const kernel = config['pool_size'] as [number, number];
  const stride = config['strides'] as [number, number];
  const { data, pad: around } = samePadding(call, kernel, stride, [1, 1]);
  if (data !== call.inputs[0]) throw new RangeError(`${name}: pooling with padding on one side only is not read here; use images of another size`);
  // TensorFlow does not count what is added around.
  return pooling({ data, kernel, stride, pad: around, poolType, countIncludePad: false, name });
}

/** TensorFlow's `same`: as many steps as the stride allows, the odd row of padding behind. Where it is even it is the operator's own. */
function samePadding({ layer: { config, name }, inputs: [data], spatial }: LayerCall, kernel: readonly number[], stride: readonly number[], dilate: readonly number[]): { data: Symbol; pad: number[] } {
  if (config['padding'] !== 'same') return { data: data!, pad: [0, 0] };
  const lengths = stride.every((step) => step === 1) ? undefined : spatial();
  const sides = kernel.map((length, axis) => {
    const extent = (length - 1) * dilate[axis]! + 1;
    const size = lengths?.[axis] ?? 1;
    const total = Math.max(0, (Math.ceil(size / stride[axis]!) - 1) * stride[axis]! + extent - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)] as const;
  });
  if (sides.every(([before, after]) => before === after)) return { data: data!, pad: sides.map(([before]) => before) };
  return { data: padded(data!, sides as unknown as Padding, `${name}_pad`), pad: [0, 0] };
}

function activated(data: Symbol, kind: string, name: string): Symbol {
  if (kind !== 'relu' && kind !== 'sigmoid' && kind !== 'tanh') throw new RangeError(`${name}: activation ${kind} is not relu, sigmoid or tanh`);
  return activation({ data, actType: kind, name });
}

function normalizationOf(call: LayerCall, layer: KerasLayer) {
  const mean = call.weight('moving_mean', layer).data;
  const or = (kind: string, option: string, value: number) => (layer.config[option] === true ? call.weight(kind, layer).data : new Float32Array(mean.length).fill(value));
  return { mean, variance: call.weight('moving_variance', layer).data, gamma: or('gamma', 'scale', 1), beta: or('beta', 'center', 0) };
}

function rearranged(shape: readonly [number, number, number, number], at: (a: number, b: number, c: number, d: number) => number): { shape: readonly number[]; data: Float32Array } {
  const data = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
  let i = 0;
  for (let a = 0; a < shape[0]; a++) for (let b = 0; b < shape[1]; b++) for (let c = 0; c < shape[2]; c++) for (let d = 0; d < shape[3]; d++) data[i++] = at(a, b, c, d);
  return { shape, data };
}
