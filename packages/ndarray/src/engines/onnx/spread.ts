import type { Shape } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';

/** Puts `strides − 1` zeros behind every element of the spatial axes: [N, C, length · stride …]. */
export function spreadByStrides(builder: GraphBuilder, x: string, shape: Shape, strides: readonly number[]): string {
  if (strides.every((stride) => stride === 1)) return x;
  const [batch, channels, ...spatial] = shape as [number, number, ...number[]];
  const apart = builder.reshape(x, [batch, channels, ...spatial.flatMap((length) => [length, 1])]);
  const before = new Array<number>(2 + 2 * spatial.length).fill(0);
  const after = [0, 0, ...strides.flatMap((stride) => [0, stride - 1])];
  const padded = builder.op('Pad', [apart, builder.int64([...before, ...after])]);
  return builder.reshape(padded, [batch, channels, ...spatial.map((length, i) => length * strides[i]!)]);
}

/** A part of the spatial axes, every `strides` elements. */
export function sliceSpatial(builder: GraphBuilder, x: string, begin: readonly number[], end: readonly number[], strides: readonly number[] = begin.map(() => 1)): string {
  const axes = begin.map((_, i) => i + 2);
  return builder.op('Slice', [x, builder.int64(begin), builder.int64(end), builder.int64(axes), builder.int64(strides)]);
}

/** Zeros, or another number, around the spatial axes. */
export function padSpatial(builder: GraphBuilder, x: string, before: readonly number[], after: readonly number[], value?: number): string {
  if ([...before, ...after].every((length) => length === 0)) return x;
  return builder.op('Pad', [x, builder.int64([0, 0, ...before, 0, 0, ...after]), ...(value === undefined ? [] : [builder.float(value)])]);
}
