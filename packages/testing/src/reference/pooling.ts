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

export const pooling = { maxPool, maxPoolGradient } satisfies Partial<Record<Primitive, unknown>>;
