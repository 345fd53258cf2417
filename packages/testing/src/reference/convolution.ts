import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { build, eachPosition, indexOf, type ReferenceArray } from './reference-array.js';

type Attributes = PrimitiveAttributes['conv'];

/** The shapes of the three arrays a convolution ties together. */
interface Geometry {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly y: readonly number[];
}

/**
 * Every product a convolution adds up, y[n,f,o] += x[n,c,i] · w[f,c′,k], as the three indices: the convolution and both its gradients are sums
 * over this one list.
 */
function eachProduct({ strides, padsBefore, dilations, groups }: Attributes, { x, weight, y }: Geometry, visit: (x: number, weight: number, y: number) => void): void {
  const perGroup = weight[1]!;
  const filtersPerGroup = weight[0]! / groups;
  eachPosition(y, (output, yIndex) => {
    eachPosition(weight.slice(1), ([channel, ...tap]) => {
      const input = tap.map((k, axis) => output[axis + 2]! * strides[axis]! - padsBefore[axis]! + k * dilations[axis]!);
      if (input.some((i, axis) => i < 0 || i >= x[axis + 2]!)) return;
      const filter = output[1]!;
      const group = Math.floor(filter / filtersPerGroup);
      visit(indexOf([output[0]!, group * perGroup + channel!, ...input], x), indexOf([filter, channel!, ...tap], weight), yIndex);
    });
  });
}

function conv(attributes: Attributes, [x, weight]: readonly ReferenceArray[]): ReferenceArray {
  const { strides, padsBefore, padsAfter, dilations } = attributes;
  const lengths = strides.map((stride, axis) => {
    const padded = padsBefore[axis]! + x!.shape[axis + 2]! + padsAfter[axis]!;
    let count = 0;
    for (let start = 0; start + dilations[axis]! * (weight!.shape[axis + 2]! - 1) < padded; start += stride) count++;
    return count;
  });
  const y = build([x!.shape[0]!, weight!.shape[0]!, ...lengths], 'float32', () => 0);
  eachProduct(attributes, { x: x!.shape, weight: weight!.shape, y: y.shape }, (i, k, o) => (y.data[o]! += x!.data[i]! * weight!.data[k]!));
  return y;
}

function convInputGradient(attributes: PrimitiveAttributes['convInputGradient'], [gradient, weight]: readonly ReferenceArray[]): ReferenceArray {
  const x = build([gradient!.shape[0]!, weight!.shape[1]! * attributes.groups, ...attributes.spatial], 'float32', () => 0);
  eachProduct(attributes, { x: x.shape, weight: weight!.shape, y: gradient!.shape }, (i, k, o) => (x.data[i]! += gradient!.data[o]! * weight!.data[k]!));
  return x;
}

function convWeightGradient(attributes: PrimitiveAttributes['convWeightGradient'], [x, gradient]: readonly ReferenceArray[]): ReferenceArray {
  const weight = build([gradient!.shape[1]!, x!.shape[1]! / attributes.groups, ...attributes.kernel], 'float32', () => 0);
  eachProduct(attributes, { x: x!.shape, weight: weight.shape, y: gradient!.shape }, (i, k, o) => (weight.data[k]! += gradient!.data[o]! * x!.data[i]!));
  return weight;
}

export const convolution = { conv, convInputGradient, convWeightGradient } satisfies Partial<Record<Primitive, unknown>>;
