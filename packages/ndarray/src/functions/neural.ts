import { NDArray } from '../ndarray.js';
import type { ConvolutionAttributes, WindowAttributes } from '../primitives/primitive.js';
import { conv as convValues, convInputGradient, maxPool as maxPoolValue } from '../recording/steps.js';
import { formatShape } from '../shape.js';

/** One number an axis, or one for all. */
export type PerAxis = number | readonly number[];

/** Steps and padding of a window over the spatial axes; strides 1 and pads 0 unless told. */
export interface WindowOptions {
  readonly strides?: PerAxis;
  /** Padding on both sides of each spatial axis. */
  readonly pads?: PerAxis;
  /** Padding behind each spatial axis where it differs from the one before. */
  readonly padsAfter?: PerAxis;
}

/** A window, how far apart its taps are (`dilations`, 1) and into how many `groups` (1) channels fall. */
export interface ConvOptions extends WindowOptions {
  readonly dilations?: PerAxis;
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
 * Cross-correlation of data [batch, channels, spatial…] with a weight [filters, channels/groups, kernel…] (MXNet `Convolution` without bias).
 */
export function conv(x: NDArray, weight: NDArray, options: ConvOptions = {}): NDArray {
  return new NDArray(convValues(x.value, weight.value, convolution(options, Math.max(0, weight.shape.length - 2))));
}

/**
 * The transpose of `conv`: spreads x [batch, filters, spatial…] by a weight [filters, channels/groups, kernel…] to [batch, channels, `spatial`…].
 *
 * @throws RangeError where `conv` of the result would not give x's shape.
 */
export function convTranspose(x: NDArray, weight: NDArray, spatial: readonly number[], options: ConvOptions = {}): NDArray {
  const attributes = convolution(options, spatial.length);
  const result = new NDArray(convInputGradient(x.value, weight.value, attributes, spatial));
  const back = attributes.strides.map((stride, i) => {
    const extent = attributes.dilations[i]! * (weight.shape[i + 2]! - 1) + 1;
    return Math.floor((spatial[i]! + attributes.padsBefore[i]! + attributes.padsAfter[i]! - extent) / stride) + 1;
  });
  if (back.join() !== x.shape.slice(2).join()) throw new RangeError(`convTranspose: a convolution of ${formatShape(spatial)} gives ${formatShape(back)}, but x is ${formatShape(x.shape)}`);
  return result;
}

/** A window of `kernel` elements an axis. */
export interface PoolOptions extends WindowOptions {
  /** Lengths of the window along the spatial axes. */
  readonly kernel: readonly number[];
}

/** Largest element of each window of data [batch, channels, spatial…]; padding never wins. The gradient goes to the first maximum in row-major order. */
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
