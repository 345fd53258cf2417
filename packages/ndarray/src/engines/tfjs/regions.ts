import { sizeOf } from '../../shape.js';
import type { KernelBuilder, Slot } from './kernel-builder.js';
import type { LoweringCall } from './lowerings.js';

/**
 * The places of the first maxima of regions. Features are ranked: by their place in the order of their plane, from the largest, the first of equal ones first, counted
 * down to 1; no two are alike, and 0 is that of an empty bin. Bins differ from region to region, yet each is the union of at most four overlapping windows
 * whose sides are powers of two. The highest ranks of all such windows are few and the same for all regions: they are put in one table, and a bin is four rows of it.
 */
export function lowerRegionArgMax({ builder, attributes: { bins: [rows, columns], scale }, operands: [data, regions], result }: LoweringCall<'regionArgMax'>): Slot {
  const [batch, channels, height, width] = data!.shape as [number, number, number, number];
  const [planes, plane] = [batch * channels, height * width];
  const [count, cells] = [regions!.shape[0]!, rows * columns];
  const { add, sub, mul, maximum, minimum, less } = arithmetic(builder);
  const whole = (...values: number[]): Slot => builder.constant(Int32Array.from(values), [values.length], 'int32');

  // NaN is never the largest; it has no place in an order, either.
  const features = builder.reshape(data!.slot('plain'), data!.shape, [planes, plane]);
  const lowest = builder.op('Tile', { x: builder.constant(Float32Array.of(Number.NEGATIVE_INFINITY), [1, 1], 'float32') }, { reps: [planes, plane] });
  const ordered = builder.op('Select', { condition: builder.op('Equal', { a: features, b: features }), t: features, e: lowest });
  const [, order] = builder.opMany('TopK', { x: ordered }, { k: plane, sorted: true }, 2);
  const places = add(order!, builder.constant(Int32Array.from({ length: planes }, (_, i) => i * plane), [planes, 1], 'int32'));
  const countdown = builder.op('Tile', { x: builder.constant(Float32Array.from({ length: plane }, (_, i) => plane - i), [1, plane], 'float32') }, { reps: [planes, 1] });
  const each = [planes * plane, 1];
  const flat = (x: Slot): Slot => builder.reshape(x, [planes, plane], each);
  const ranks = builder.reshape(builder.op('ScatterNd', { indices: flat(places), updates: flat(countdown) }, { shape: each }), each, data!.shape);

  // One more image, whose ranks are all 0, stands for the images of no region.
  const images = builder.pad(builder.transpose(ranks, data!.shape, [0, 2, 3, 1]), [0, 0, 0, 0], [1, 0, 0, 0]);
  const levels = { down: windowLengths(height), across: windowLengths(width) };
  const [tableHeight, tableWidth] = [tableLength(height), tableLength(width)];
  const windows = windowMaxima(builder, windowMaxima(builder, images, [batch + 1, height, width, channels], 2, levels.across), [batch + 1, height, tableWidth, channels], 1, levels.down);
  const table = builder.reshape(windows, [batch + 1, tableHeight, tableWidth, channels], [(batch + 1) * tableHeight * tableWidth, channels]);

  const column = (index: number): Slot => builder.slice(regions!.slot('plain'), regions!.shape, [0, index], [count, 1]);
  const across = binsAlong(builder, column(1), column(3), scale, columns, width);
  const down = binsAlong(builder, column(2), column(4), scale, rows, height);
  const given = builder.op('Cast', { x: column(0) }, { dtype: 'int32' });
  const isBefore = builder.op('Cast', { x: less(given, whole(0)) }, { dtype: 'int32' });
  const image = minimum(add(given, mul(isBefore, sub(whole(batch), given))), whole(batch));

  const wide = (x: Slot): Slot => builder.reshape(x, [count, rows], [count, rows, 1]);
  const long = (x: Slot): Slot => builder.reshape(x, [count, columns], [count, 1, columns]);
  const corners = down.windows.flatMap((y) => across.windows.map((x) => {
    const rowStarts = mul(add(mul(image, whole(tableHeight)), y), whole(tableWidth));
    const indices = builder.reshape(add(wide(rowStarts), long(x)), [count, rows, columns], [count * cells]);
    return builder.op('GatherV2', { x: table, indices }, { axis: 0, batchDims: 0 });
  }));
  const isFilled = builder.reshape(mul(wide(down.isFilled), long(across.isFilled)), [count, rows, columns], [count * cells, 1]);
  const best = builder.op('Cast', { x: mul(corners.reduce(maximum), isFilled) }, { dtype: 'int32' });
  const bestFirst = builder.transpose(builder.reshape(best, [count * cells, channels], [count, cells, channels]), [count, cells, channels], [0, 2, 1]);

  // The order again; behind each plane, and for the image of zeros, the place of nothing.
  const length = (planes + channels) * (plane + 1);
  const lookUp = builder.reshape(builder.pad(places, [0, 0], [channels, 1], sizeOf(data!.shape)), [planes + channels, plane + 1], [length]);
  const ends = builder.constant(Int32Array.from({ length: channels }, (_, i) => i * (plane + 1) + plane), [1, channels, 1], 'int32');
  const starts = builder.reshape(mul(image, whole(channels * (plane + 1))), [count, 1], [count, 1, 1]);
  const entries = sub(add(starts, ends), bestFirst);
  return builder.reshape(builder.op('GatherV2', { x: lookUp, indices: entries }, { axis: 0, batchDims: 0 }), [count, channels, cells], result.shape);
}

/** Where the bins of each region lie along one axis, (regions, bins) each. */
interface Bins {
  /** 1 where a bin holds anything, else 0. */
  readonly isFilled: Slot;
  /** The two windows of the table whose union is the bin. */
  readonly windows: readonly [Slot, Slot];
}

function binsAlong(builder: KernelBuilder, from: Slot, to: Slot, scale: number, bins: number, size: number): Bins {
  const { add, sub, mul, div, maximum, minimum, less } = arithmetic(builder);
  const number = (...values: number[]): Slot => builder.constant(Float32Array.from(values), [values.length], 'float32');
  const floor = (x: Slot): Slot => builder.op('Floor', { x });
  const roundHalfAway = (x: Slot): Slot => mul(builder.op('Sign', { x }), floor(add(builder.op('Abs', { x }), number(0.5))));
  const whole = (x: Slot): Slot => builder.op('Cast', { x }, { dtype: 'int32' });

  const start = roundHalfAway(mul(from, number(scale)));
  const bin = div(maximum(add(sub(roundHalfAway(mul(to, number(scale))), start), number(1)), number(1)), number(bins));
  const bound = (edge: Slot): Slot => minimum(maximum(add(edge, start), number(0)), number(size));
  const indices = Array.from({ length: bins }, (_, i) => i);
  const first = bound(floor(mul(bin, number(...indices))));
  const end = bound(builder.op('Ceil', { x: mul(bin, number(...indices.map((i) => i + 1))) }));
  // An empty bin takes any window that is there.
  const begin = minimum(first, number(size - 1));
  const length = maximum(sub(end, begin), number(1));
  const lengths = windowLengths(size);
  const levels = Array.from({ length: size + 1 }, (_, i) => Math.floor(Math.log2(Math.max(i, 1))));
  const pick = (values: readonly number[]): Slot => builder.op('GatherV2', { x: number(...levels.map((level) => values[level]!)), indices: whole(length) }, { axis: 0, batchDims: 0 });
  const starts = add(pick(lengths.map((_, level) => offsetOf(size, level))), begin);
  return {
    isFilled: builder.op('Cast', { x: less(first, end) }, { dtype: 'float32' }),
    windows: [whole(starts), whole(add(starts, sub(length, pick(lengths))))],
  };
}

/** The highest ranks of windows of 1, 2, 4 … along an axis, one length after the other: of each length there are as many as fit. */
function windowMaxima(builder: KernelBuilder, ones: Slot, shape: readonly number[], axis: number, lengths: readonly number[]): Slot {
  const size = shape[axis]!;
  const sized = (length: number): number[] => shape.map((each, i) => (i === axis ? length : each));
  const levels = [ones];
  for (const length of lengths.slice(1)) {
    const half = (begin: number): Slot =>
      builder.slice(levels.at(-1)!, sized(size - length / 2 + 1), shape.map((_, i) => (i === axis ? begin : 0)), sized(size - length + 1));
    levels.push(builder.op('Maximum', { a: half(0), b: half(length / 2) }));
  }
  return levels.length === 1 ? ones : builder.op('Concat', levels, { axis });
}

function windowLengths(size: number): number[] {
  return Array.from({ length: Math.floor(Math.log2(size)) + 1 }, (_, level) => 2 ** level);
}

/** Windows shorter than those of a level: size of the first, size − 1 of the second, size − 3 of the third … */
function offsetOf(size: number, level: number): number {
  return level * (size + 1) - (2 ** level - 1);
}

function tableLength(size: number): number {
  return offsetOf(size, windowLengths(size).length);
}

function arithmetic(builder: KernelBuilder) {
  const binary = (kernel: string) => (a: Slot, b: Slot): Slot => builder.op(kernel, { a, b });
  return {
    add: binary('Add'), sub: binary('Sub'), mul: binary('Multiply'), div: binary('RealDiv'), maximum: binary('Maximum'), minimum: binary('Minimum'), less: binary('Less'),
  };
}
