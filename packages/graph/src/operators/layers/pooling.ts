import { abs, array, constant, conv, formatShape, maxPool, mean, mul, pow, reshape, sign, sqrt, square, sum, type ArrayLike, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import type { ParameterValues } from '../parameter.js';
import { bool, choice, int, optional, tuple } from '../parameters/index.js';
import { perAxis } from './spatial.js';

const parameters = {
  kernel: tuple('Lengths of the window, one a spatial axis; not needed with global_pool.', { fallback: [], minimum: 1 }),
  pool_type: choice('What becomes of a window.', ['max', 'avg', 'sum', 'lp'], { fallback: 'max' }),
  global_pool: bool('One window over all spatial axes.', { fallback: false }),
  pooling_convention: choice('Whether windows that reach beyond the end count: valid rounds down, full up; same has one for every step.', ['valid', 'full', 'same'], { fallback: 'valid' }),
  stride: tuple('Steps between windows; 1 unless given.', { fallback: [], minimum: 1 }),
  pad: tuple('Padding on both sides of each spatial axis; 0 unless given.', { fallback: [], minimum: 0 }),
  p_value: optional(int('The p of lp: 1, 2 or 3.', { minimum: 1, maximum: 3 })),
  count_include_pad: bool('Whether padding counts in an average.', { fallback: true }),
  layout: optional(choice('Order of the axes.', ['NCW', 'NCHW', 'NCDHW'])),
  cudnn_off: bool('Accepted, without effect.', { fallback: false }),
};
type Values = ParameterValues<typeof parameters>;

/** Windows over 1, 2 or 3 spatial axes of data (N, C, …). The stride is 1 unless given, not the kernel. */
export const poolingOperator = defineOperator({
  name: 'Pooling',
  parameters,
  inputs: () => ['data'],
  // MXNet counts a workspace where its CPU library may pool.
  hiddenOutputs: ({ pool_type, kernel }) => (pool_type === 'max' && kernel.length > 0 ? 1 : 0),
  completeShapes: ({ inputs: [data], auxiliaryStates, outputs: [output] }) => {
    const batch = data?.[0] || output?.[0] || 0;
    const channels = data?.[1] || output?.[1] || 0;
    return {
      inputs: [data && [batch, channels, ...data.slice(2)]],
      auxiliaryStates,
      outputs: [data && [batch, channels, ...data.slice(2).map(() => 0)]],
    };
  },
  record: ({ inputs: [data], parameters: values }) => {
    const window = windowOf(data!, values);
    return [pools[values.pool_type](data!, window, values)];
  },
});

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly padsAfter: readonly number[];
  /** Spatial lengths of the output. */
  readonly output: readonly number[];
  /** Whether it is one window over everything. */
  readonly isGlobal: boolean;
}

function windowOf(data: NDArray, { kernel: given, global_pool, pool_type, pooling_convention, stride, pad }: Values): Window {
  const spatial = data.shape.slice(2);
  const axes = global_pool ? spatial.length : given.length;
  if (axes < 1 || axes > 3 || spatial.length !== axes) {
    throw new RangeError(`data ${formatShape(data.shape)} and kernel ${formatShape(given)} do not fit; data needs batch, channels and one axis a kernel axis, 1 to 3 of them`);
  }
  if (global_pool) {
    const zeros = spatial.map(() => 0);
    return { kernel: spatial, strides: spatial.map(() => 1), pads: zeros, padsAfter: zeros, output: spatial.map(() => 1), isGlobal: true };
  }
  const isSame = pooling_convention === 'same';
  if (isSame && (axes !== 1 || pool_type !== 'max')) throw new RangeError(`pooling_convention same is for the maximum over one spatial axis, not for ${pool_type} over ${axes}; use valid or full with a pad`);
  const strides = perAxis(stride, 1, axes, 'stride');
  const pads = perAxis(pad, 0, axes, 'pad');
  const round = pooling_convention === 'full' ? Math.ceil : Math.floor;
  const output = spatial.map((length, axis) => {
    // One window for every step that begins within the padded input.
    if (isSame) return Math.ceil((length + 2 * pads[axis]!) / strides[axis]!);
    const room = length + 2 * pads[axis]! - given[axis]!;
    if (room < 0) {
      throw new RangeError(`kernel ${formatShape(given)} is larger than data ${formatShape(data.shape)} with pad ${formatShape(pads)}; use a smaller kernel or a larger pad`);
    }
    return round(room / strides[axis]!) + 1;
  });
  // The last window of `full` may need more padding behind than before.
  const padsAfter = spatial.map((length, axis) => Math.max(pads[axis]!, (output[axis]! - 1) * strides[axis]! + given[axis]! - length - pads[axis]!));
  return { kernel: given, strides, pads, padsAfter, output, isGlobal: false };
}

const pools: { readonly [Kind in Values['pool_type']]: (data: NDArray, window: Window, values: Values) => NDArray } = {
  max: maxPool,
  sum: (data, window) => windowSums(data, window),
  avg: (data, window, { count_include_pad }) => {
    if (window.isGlobal) return mean(data, { axes: spatialAxes(data), keepDims: true });
    return windowSums(data, window).div(windowCounts(data, window, count_include_pad));
  },
  // (Σxᵖ)^(1/p): MXNet takes no absolute value, so that windows of negative numbers have negative sums for p 1 and 3.
  lp: (data, window, { p_value }) => {
    if (p_value === null) throw new RangeError('pool_type lp needs p_value: 1, 2 or 3');
    const powers = p_value === 1 ? data : p_value === 2 ? square(data) : data.mul(square(data));
    const sums = windowSums(powers, window);
    return p_value === 1 ? sums : p_value === 2 ? sqrt(sums) : mul(sign(sums), pow(abs(sums), 1 / 3));
  },
};

function spatialAxes(data: NDArray): number[] {
  return data.shape.slice(2).map((_, axis) => axis + 2);
}

/** Sums over windows: a convolution of each channel alone with ones. */
function windowSums(data: NDArray, { kernel, strides, pads, padsAfter, output, isGlobal }: Window): NDArray {
  if (isGlobal) return sum(data, { axes: spatialAxes(data), keepDims: true });
  const [batch, channels, ...spatial] = data.shape as [number, number, ...number[]];
  const alone = reshape(data, [batch * channels, 1, ...spatial]);
  return reshape(conv(alone, constant(1, [1, 1, ...kernel]), { strides, pads, padsAfter }), [batch, channels, ...output]);
}

/**
 * How many elements each window counts: MXNet clips it to the padded input, and to the input itself where padding does not count. One number an axis
 * where all windows count alike.
 */
function windowCounts(data: NDArray, { kernel, strides, pads, output }: Window, includesPadding: boolean): ArrayLike {
  const byAxis = output.map((count, axis): ArrayLike => {
    const lengths = Float32Array.from({ length: count }, (_, position) => {
      const length = data.shape[axis + 2]!;
      const start = position * strides[axis]! - pads[axis]!;
      const end = Math.min(start + kernel[axis]!, length + pads[axis]!);
      return includesPadding ? end - start : Math.min(end, length) - Math.max(start, 0);
    });
    if (lengths.every((length) => length === lengths[0])) return lengths[0]!;
    return array(lengths, { shape: [1, 1, ...output.map((_, other) => (other === axis ? count : 1))] });
  });
  return byAxis.reduce((product, counts) => (typeof product === 'number' && typeof counts === 'number' ? product * counts : mul(product, counts)));
}
