import type { DType, Shape } from '@lossworks/ndarray';
import type { SampleOperand } from './primitive-info.js';

const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);

/** Given numbers. */
export function given(data: readonly number[], shape: Shape = [data.length], dtype: DType = 'float32'): SampleOperand {
  return { shape, dtype, data: dtype === 'float32' ? data.map(Math.fround) : data };
}

/** Repeatable numbers between two bounds; another `seed` gives others. */
export function random(shape: Shape, { low = -2, high = 2, seed = 1 }: { low?: number; high?: number; seed?: number } = {}): SampleOperand {
  const next = generator(seed + sizeOf(shape) * 7919);
  return given(Array.from({ length: sizeOf(shape) }, () => low + (high - low) * next()), shape);
}

/** Every number once, at least 0.25 apart, in mixed order, around 0: no ties, and none within a finite difference. */
export function distinct(shape: Shape, { seed = 1 }: { seed?: number } = {}): SampleOperand {
  const size = sizeOf(shape);
  const next = generator(seed);
  const order = Array.from({ length: size }, (_, i) => ({ value: (i - size / 2) * 0.25 + 0.125, key: next() })).sort((a, b) => a.key - b.key);
  return given(order.map(({ value }) => value), shape);
}

/** Whole numbers from `low` up to, not including, `high`. */
export function integers(shape: Shape, { low = -9, high = 10, seed = 1, dtype = 'int32' as DType } = {}): SampleOperand {
  const next = generator(seed + 31);
  return given(Array.from({ length: sizeOf(shape) }, () => low + Math.floor(next() * (high - low))), shape, dtype);
}

/** Zeros and ones. */
export function flags(shape: Shape, { seed = 1 }: { seed?: number } = {}): SampleOperand {
  return integers(shape, { low: 0, high: 2, seed, dtype: 'bool' });
}

/** A head gradient that no symmetry hides behind. */
export function randomHead(shape: Shape, seed = 77): number[] {
  return [...random(shape, { low: 0.5, high: 1.5, seed }).data].map((value, i) => (i % 2 === 0 ? value : -value));
}

/** Mulberry32, by Tommy Ettinger (public domain): enough for test data. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
