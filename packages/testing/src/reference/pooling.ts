import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { build, eachPosition, indexOf, type ReferenceArray } from './reference-array.js';

/** Index of the first largest element of the window behind an output position; −1 for a window that lies in the padding. */
function winner(x: ReferenceArray, { kernel, strides, padsBefore }: PrimitiveAttributes['maxPool'], output: readonly number[]): number {
  let best = -1;
  eachPosition(kernel, (tap) => {
    const input = tap.map((k, axis) => output[axis + 2]! * strides[axis]! - padsBefore[axis]! + k);
    if (input.some((i, axis) => i < 0 || i >= x.shape[axis + 2]!)) return;
    const index = indexOf([output[0]!, output[1]!, ...input], x.shape);
    if (best < 0 || x.data[index]! > x.data[best]!) best = index;
  });
  return best;
}

function maxPool(attributes: PrimitiveAttributes['maxPool'], [x]: readonly ReferenceArray[]): ReferenceArray {
  const { kernel, strides, padsBefore, padsAfter } = attributes;
  const lengths = kernel.map((length, axis) => {
    const padded = padsBefore[axis]! + x!.shape[axis + 2]! + padsAfter[axis]!;
    let count = 0;
    for (let start = 0; start + length <= padded; start += strides[axis]!) count++;
    return count;
  });
  return build([x!.shape[0]!, x!.shape[1]!, ...lengths], 'float32', (position) => x!.data[winner(x!, attributes, position)] ?? Number.NEGATIVE_INFINITY);
}

function maxPoolGradient(attributes: PrimitiveAttributes['maxPoolGradient'], [x, , gradient]: readonly ReferenceArray[]): ReferenceArray {
  const result = build(x!.shape, 'float32', () => 0);
  eachPosition(gradient!.shape, (position, o) => {
    const index = winner(x!, attributes, position);
    if (index >= 0) result.data[index]! += gradient!.data[o]!;
  });
  return result;
}

/** From the first feature of a bin along one axis up to the one behind its last. As engines do it, bins are float32 numbers. */
function edges(from: number, to: number, scale: number, bin: number, bins: number, size: number): readonly [number, number] {
  const round = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
  const start = round(Math.fround(from * scale));
  const length = Math.fround(Math.max(round(Math.fround(to * scale)) - start + 1, 1) / bins);
  const within = (edge: number): number => Math.min(Math.max(edge + start, 0), size);
  return [within(Math.floor(Math.fround(bin * length))), within(Math.ceil(Math.fround((bin + 1) * length)))];
}

function regionArgMax({ bins: [rows, columns], scale }: PrimitiveAttributes['regionArgMax'], [x, regions]: readonly ReferenceArray[]): ReferenceArray {
  const [batch, channels, height, width] = x!.shape as [number, number, number, number];
  return build([regions!.shape[0]!, channels, rows, columns], 'int32', ([region, channel, row, column]) => {
    const [image, x1, y1, x2, y2] = regions!.data.subarray(region! * 5) as unknown as [number, number, number, number, number];
    const [top, bottom] = edges(y1, y2, scale, row!, rows, height);
    const [left, right] = edges(x1, x2, scale, column!, columns, width);
    let [best, largest] = [x!.data.length, Number.NaN];
    for (let i = top; i < bottom && image >= 0 && image < batch; i++) {
      for (let j = left; j < right; j++) {
        const index = indexOf([image, channel!, i, j], x!.shape);
        const value = Number.isNaN(x!.data[index]!) ? Number.NEGATIVE_INFINITY : x!.data[index]!;
        if (!(value <= largest)) [best, largest] = [index, value];
      }
    }
    return best;
  });
}

export const pooling = { maxPool, maxPoolGradient, regionArgMax } satisfies Partial<Record<Primitive, unknown>>;
