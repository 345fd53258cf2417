import { NDArray } from '../ndarray.js';
import type { ConvolutionAttributes, RegionAttributes, WindowAttributes } from '../primitives/primitive.js';
import { conv as convValues, convInputGradient, maxPool as maxPoolValue } from '../recording/steps.js';
import { record } from '../recording/record.js';
import { formatShape, sameShape } from '../shape.js';

/** One number for all spatial axes, or one an axis; another count is a RangeError. */
export type PerAxis = number | readonly number[];

/** Steps and padding of a window over the spatial axes, in elements. */
export interface WindowOptions {
  /** Elements from one window to the next; 1 unless given. */
  readonly strides?: PerAxis;
  /** Padding on both sides of each spatial axis; 0 unless given. */
  readonly pads?: PerAxis;
  /** Padding behind each spatial axis where it differs from the one before; `pads` unless given. */
  readonly padsAfter?: PerAxis;
}

/** Steps, padding, dilation and groups of a convolution. */
export interface ConvOptions extends WindowOptions {
  /** Elements from one tap of the kernel to the next; 1 unless given. */
  readonly dilations?: PerAxis;
  /** Groups that channels and filters fall into, each convolved with its own; 1 unless given. Both counts are multiples of it. */
  readonly groups?: number;
}

function perAxis(value: PerAxis | undefined, fallback: number, axes: number, name: string): readonly number[] {
  if (value === undefined || typeof value === 'number') return new Array<number>(axes).fill(value ?? fallback);
  if (value.length !== axes) throw new RangeError(`${name}: [${value.join(',')}] needs ${axes} numbers, one a spatial axis`);
  return [...value];
}

function convolution({ strides, pads, padsAfter, dilations, groups = 1 }: ConvOptions, axes: number): ConvolutionAttributes {
  return {
    strides: perAxis(strides, 1, axes, 'strides'),
    padsBefore: perAxis(pads, 0, axes, 'pads'),
    padsAfter: perAxis(padsAfter ?? pads, 0, axes, 'pads'),
    dilations: perAxis(dilations, 1, axes, 'dilations'),
    groups,
  };
}

/**
 * Cross-correlation of data `[batch, channels, spatial…]` with a weight `[filters, channels/groups, kernel…]`, both float32: `[batch, filters, output…]`, an
 * output being ⌊(length + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1 (MXNet `Convolution` without bias).
 *
 * @throws RangeError where axes, channels or groups do not fit, and where the kernel is larger than the padded data.
 */
export function conv(x: NDArray, weight: NDArray, options: ConvOptions = {}): NDArray {
  return new NDArray(convValues(x.value, weight.value, convolution(options, Math.max(0, weight.shape.length - 2))));
}

/**
 * The transpose of `conv`: spreads x `[batch, filters, input…]` by a weight `[filters, channels/groups, kernel…]` to `[batch, channels, spatial…]` (MXNet
 * `Deconvolution` without bias).
 *
 * @param spatial lengths of the result's spatial axes: several may convolve to x's.
 * @throws RangeError where `conv` of the result would not give x's shape.
 */
export function convTranspose(x: NDArray, weight: NDArray, spatial: readonly number[], options: ConvOptions = {}): NDArray {
  const attributes = convolution(options, spatial.length);
  const result = new NDArray(convInputGradient(x.value, weight.value, attributes, spatial));
  const back = attributes.strides.map((stride, i) => {
    const extent = attributes.dilations[i]! * (weight.shape[i + 2]! - 1) + 1;
    return Math.floor((spatial[i]! + attributes.padsBefore[i]! + attributes.padsAfter[i]! - extent) / stride) + 1;
  });
  if (!sameShape(back, x.shape.slice(2))) throw new RangeError(`convTranspose: a convolution of ${formatShape(spatial)} gives ${formatShape(back)}, but x is ${formatShape(x.shape)}`);
  return result;
}

/** A window of `kernel` elements an axis, with its steps and padding. */
export interface PoolOptions extends WindowOptions {
  /** Lengths of the window along the spatial axes, in elements. */
  readonly kernel: readonly number[];
}

/**
 * Largest element of each window of data `[batch, channels, spatial…]`, float32: `[batch, channels, output…]`, an output being ⌊(length + pads − kernel) /
 * stride⌋ + 1; padding never wins. The gradient goes to the first maximum in row-major order (MXNet `Pooling` with `pool_type` max).
 *
 * @throws RangeError unless data has two axes more than the kernel, and where the window is larger than the padded data.
 */
export function maxPool(x: NDArray, { kernel, strides, pads, padsAfter }: PoolOptions): NDArray {
  const axes = kernel.length;
  const attributes: WindowAttributes = {
    kernel: [...kernel],
    strides: perAxis(strides, 1, axes, 'strides'),
    padsBefore: perAxis(pads, 0, axes, 'pads'),
    padsAfter: perAxis(padsAfter ?? pads, 0, axes, 'pads'),
  };
  return new NDArray(maxPoolValue(x.value, attributes));
}

/**
 * Where the largest element is in each bin of each region: its row-major position in data `[batch, channels, height, width]`, as int32 `[regions, channels,
 * …bins]`; the first of equal ones. A bin that holds nothing, and every bin of a region of no image, gives data's size. NaN is never the largest. Regions `[regions, 5]`
 * have rows of image, x1, y1, x2, y2, inclusive, whose product with `scale` counts elements of data. Bins are rounded outwards and may overlap (Girshick 2015).
 * No gradient (MXNet `ROIPooling` is a `gather` by it).
 *
 * @throws RangeError for other shapes or types, and for planes of more than 2²⁴ elements.
 */
export function regionArgMax(data: NDArray, regions: NDArray, { bins, scale }: RegionAttributes): NDArray {
  return new NDArray(record('regionArgMax', { bins: [bins[0], bins[1]], scale }, [data.value, regions.value]));
}
