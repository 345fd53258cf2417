import {
  abs, arange, broadcastTo, cast, clip, concat, equal, expandDims, floor, formatShape, gather, greater, greaterEqual, less, logicalAnd, maximum, minimum, mul, neg, pad,
  reshape, sign, slice, stopGradient, transpose, where, type NDArray,
} from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { float, tuple } from '../parameters/index.js';

/**
 * Largest feature in each bin of each region (Girshick 2015). Data (B, C, H, W); rois (R, 5) with rows of batch index, x1, y1, x2, y2, inclusive, in
 * image coordinates; output (R, C, …pooled_size). Empty bins, and regions of no batch, give 0. The gradient goes to the first maximum in row-major order.
 */
export const roiPoolingOperator = defineOperator({
  name: 'ROIPooling',
  isKept: true,
  parameters: {
    pooled_size: tuple('Numbers of bins along height and width.', { minimum: 1 }),
    spatial_scale: float('Features a pixel: 1/16 for a net that halves four times.', { minimum: 0, maximum: 1 }),
  },
  inputs: () => ['data', 'rois'],
  hiddenOutputs: () => 1,
  completeShapes: ({ inputs: [data, rois], auxiliaryStates, outputs: [output] }, { pooled_size }) => ({
    inputs: [data, rois ?? [output?.[0] ?? 0, 5]],
    auxiliaryStates,
    outputs: [[rois?.[0] ?? output?.[0] ?? 0, data?.[1] ?? 0, ...pooled_size]],
  }),
  record: ({ inputs: [data, rois], parameters: { pooled_size, spatial_scale } }) => {
    if (pooled_size.length !== 2) throw new RangeError(`pooled_size ${formatShape(pooled_size)} has ${pooled_size.length} numbers; give two, for height and width`);
    if (data!.shape.length !== 4 || rois!.shape.length !== 2 || rois!.shape[1] !== 5) {
      throw new RangeError(`data has shape ${formatShape(data!.shape)} and rois ${formatShape(rois!.shape)}; they need [batch, channels, height, width] and [regions, 5]`);
    }
    return [pooledRegions(data!, stopGradient(rois!), pooled_size as readonly [number, number], spatial_scale)];
  },
});

/**
 * Bins differ from region to region, yet each is the union of at most four overlapping windows whose sides are powers of two. The maxima of all such windows
 * are few and the same for all regions: they are put in one table, and a bin is four rows of it.
 */
function pooledRegions(data: NDArray, rois: NDArray, [binRows, binColumns]: readonly [number, number], scale: number): NDArray {
  const [batch, channels, height, width] = data.shape as [number, number, number, number];
  const regions = rois.shape[0]!;
  const column = (index: number) => reshape(slice(rois, [0, index], [regions, index + 1]), [regions, 1]);
  const across = binsAlong(column(1), column(3), scale, binColumns, width);
  const down = binsAlong(column(2), column(4), scale, binRows, height);

  // Features stand before each other in a plane: the first has the highest precedence, and 0 is that of no feature at all.
  const plane = height * width;
  const precedence = reshape(neg(arange(plane)).add(plane).cast('float32'), [1, height, width, 1]);
  const ones = { value: transpose(stopGradient(data), [0, 2, 3, 1]), precedence: broadcastTo(precedence, [batch, height, width, channels]) };
  const windows = windowMaxima(windowMaxima(ones, 2), 1);
  const [tableHeight, tableWidth] = windows.value.shape.slice(1) as [number, number];
  const table = mapBest(windows, (part) => reshape(part, [batch * tableHeight * tableWidth, channels]));

  const batchIndex = cast(column(0), 'int32');
  const ownImage = cast(clip(batchIndex.cast('float32'), 0, batch - 1), 'int32');
  const isInBatch = logicalAnd(greaterEqual(batchIndex, 0), less(batchIndex, batch));
  const isFilled = logicalAnd(expandDims(logicalAnd(isInBatch, down.isFilled), 2), expandDims(across.isFilled, 1));
  const rowStarts = (y: NDArray) => expandDims(mul(ownImage.mul(tableHeight).add(y), tableWidth), 2);
  const corners = down.windows.flatMap((y) =>
    across.windows.map((x) => {
      const cells = reshape(rowStarts(y).add(expandDims(x, 1)), [regions, binRows * binColumns]);
      return mapBest(table, (part) => gather(part, cells));
    }),
  );
  const largest = corners.map(({ value }) => value).reduce(maximum);
  const foremost = corners.map((corner) => mul(corner.precedence, equal(corner.value, largest).cast('float32'))).reduce(maximum);
  const first = mul(foremost, reshape(isFilled.cast('float32'), [regions, binRows * binColumns, 1]));

  // Behind each plane stands a 0, for bins that hold nothing.
  const features = reshape(pad(reshape(data, [batch * channels, plane]), [0, 0], [0, 1]), [batch * channels * (plane + 1)]);
  const planeStart = mul(expandDims(mul(ownImage, channels), 2).add(reshape(arange(channels), [1, channels, 1])), plane + 1);
  const position = neg(transpose(first, [0, 2, 1])).add(plane).cast('int32');
  return reshape(gather(features, planeStart.add(position)), [regions, channels, binRows, binColumns]);
}

/** The largest feature of each window, and the highest precedence of those that are as large. */
interface Best {
  readonly value: NDArray;
  readonly precedence: NDArray;
}

function mapBest({ value, precedence }: Best, change: (part: NDArray) => NDArray): Best {
  return { value: change(value), precedence: change(precedence) };
}

/** Windows of 1, 2, 4 … along an axis, one length after the other: of length n there are as many as fit. */
function windowMaxima(ones: Best, axis: number): Best {
  const levels = [ones];
  for (const length of windowLengths(ones.value.shape[axis]!).slice(1)) {
    const shorter = levels.at(-1)!;
    const { shape } = shorter.value;
    const half = (start: number) => {
      const begin = shape.map((_, i) => (i === axis ? start : 0));
      const end = shape.map((size, i) => (i === axis ? size - length / 2 + start : size));
      return mapBest(shorter, (part) => slice(part, begin, end));
    };
    // All of the first half precedes all of the second in row-major order.
    const [a, b] = [half(0), half(length / 2)];
    const value = maximum(a.value, b.value);
    levels.push({ value, precedence: maximum(mul(a.precedence, equal(a.value, value).cast('float32')), b.precedence) });
  }
  return { value: concat(levels.map(({ value }) => value), axis), precedence: concat(levels.map(({ precedence }) => precedence), axis) };
}

function windowLengths(size: number): number[] {
  return Array.from({ length: Math.floor(Math.log2(size)) + 1 }, (_, level) => 2 ** level);
}

/** Where the bins of each region lie along one axis, (R, bins) each. */
interface Bins {
  readonly isFilled: NDArray;
  /** The two windows of the table whose union is the bin. */
  readonly windows: readonly [NDArray, NDArray];
}

function binsAlong(from: NDArray, to: NDArray, scale: number, bins: number, size: number): Bins {
  const start = roundHalfAway(from.mul(scale));
  const bin = maximum(roundHalfAway(to.mul(scale)).sub(start).add(1), 1).div(bins);
  const bound = (edge: NDArray) => cast(clip(edge.add(start), 0, size), 'int32');
  const index = reshape(arange(bins).cast('float32'), [1, bins]);
  const first = bound(floor(bin.mul(index)));
  const end = bound(neg(floor(neg(bin.mul(index.add(1))))));
  const isFilled = greater(end, first);
  // An empty bin takes any window that is there.
  const begin = minimum(first, size - 1);
  const count = maximum(end.sub(begin), 1);
  let length: NDArray = arange(1).add(1);
  let table: NDArray = arange(1);
  let offset = 0;
  for (const each of windowLengths(size).slice(1)) {
    offset += size - each / 2 + 1;
    const reaches = greaterEqual(count, each);
    [length, table] = [where(reaches, each, length), where(reaches, offset, table)];
  }
  return { isFilled, windows: [table.add(begin), table.add(begin.add(count).sub(length))] };
}

function roundHalfAway(x: NDArray): NDArray {
  return mul(sign(x), floor(abs(x).add(0.5)));
}
