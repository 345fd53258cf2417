import { broadcastDiv, broadcastAdd, type Symbol, variable } from '@lossworks/graph';
import { array, type NDArray } from '@lossworks/ndarray';
import type { Picture } from '../image/picture.js';

/** What a network takes for a pixel: (value − mean) / deviation, red, green, blue, values from 0 to 255. */
export interface PixelScale {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const pixelScales = {
  /** MXNet's VGG-19, as its neural style feeds it. */
  mxnet: { mean: [123.68, 116.779, 103.939], deviation: [1, 1, 1] },
  /** −1 … 1: Inception and MobileNet of Keras. */
  keras: { mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
  /** Networks of torchvision. */
  torchvision: { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] },
  /** 0 … 1. */
  unit: { mean: [0, 0, 0], deviation: [255, 255, 255] },
} as const satisfies { readonly [name: string]: PixelScale };

export type PixelScaleName = keyof typeof pixelScales;

/** MXNet's mean colour: images are kept as their difference from it, in steps of a pixel, whatever the network takes. */
const { mean: gray } = pixelScales.mxnet;

/** The picture as the array (1, 3, H, W) that is optimised. */
export function imageOf({ width, height, data }: Picture): NDArray {
  const plane = width * height;
  return array(data.map((value, i) => value - gray[Math.floor(i / plane)]!), { shape: [1, 3, height, width] });
}

/** The mean colour (1, 3, 1, 1). */
export function meanColour(): NDArray {
  return array(Float32Array.from(gray), { shape: [1, 3, 1, 1] });
}

export function pictureOf(values: ArrayLike<number>, { width, height }: { readonly width: number; readonly height: number }): Picture {
  const plane = width * height;
  return { width, height, data: Float32Array.from(values, (value, i) => value + gray[Math.floor(i / plane)]!) };
}

/** What stands between the image and the network; nothing where they agree. */
export function networkInput(image: Symbol, { mean, deviation }: PixelScale): { readonly symbol: Symbol; readonly args: { readonly [name: string]: NDArray } } {
  const shift = mean.map((value, channel) => gray[channel]! - value);
  const numbers = (values: readonly number[]) => array(Float32Array.from(values), { shape: [1, 3, 1, 1] });
  const moved = shift.some((value) => value !== 0);
  const scaled = deviation.some((value) => value !== 1);
  const shifted = moved ? broadcastAdd({ lhs: image, rhs: variable('pixel_shift') }) : image;
  return {
    symbol: scaled ? broadcastDiv({ lhs: shifted, rhs: variable('pixel_deviation') }) : shifted,
    args: { ...(moved ? { pixel_shift: numbers(shift) } : {}), ...(scaled ? { pixel_deviation: numbers(deviation) } : {}) },
  };
}
