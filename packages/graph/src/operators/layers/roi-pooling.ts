import {
  abs, arange, argMax, cast, clip, concat, floor, formatShape, gather, greaterEqual, less, logicalAnd, max, maximum, minimum, mul, neg, reshape, sign, slice, stopGradient, where,
  type NDArray,
} from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { float, tuple } from '../parameters/index.js';

/** Less than any feature. */
const lowest = -3.4028234663852886e38;

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

function pooledRegions(data: NDArray, rois: NDArray, [binRows, binColumns]: readonly [number, number], scale: number): NDArray {
  const [batch, channels, height, width] = data.shape as [number, number, number, number];
  const regions = rois.shape[0]!;
  const column = (index: number) => reshape(slice(rois, [0, index], [regions, index + 1]), [regions]);
  const batchIndex = cast(column(0), 'int32');
  const inBatch = logicalAnd(greaterEqual(batchIndex, 0), less(batchIndex, batch));
  const ownImage = clip(batchIndex.cast('float32'), 0, batch - 1).cast('int32');
  const features = gather(stopGradient(data), ownImage, 0);
  const xBins = binMasks(column(1), column(3), scale, binColumns, width);
  const yBins = binMasks(column(2), column(4), scale, binRows, height);
  // First the best column of each row, then the best row: together the first maximum in row-major order.
  const rowBests = xBins.map((mask) => {
    const seen = where(reshape(mask, [regions, 1, 1, width]), features, lowest);
    return { value: max(seen, { axes: 3 }), column: argMax(seen, 3) };
  });
  const planes = startOfPlane(ownImage, channels, height * width);
  const flat = reshape(data, [data.size]);
  const pooled = yBins.flatMap((yMask) =>
    rowBests.map((best, binColumn) => {
      const row = argMax(where(reshape(yMask, [regions, 1, height]), best.value, lowest), 2);
      const rowStart = mul(arange(regions * channels), height).reshape([regions, channels]);
      const ownColumn = gather(reshape(best.column, [regions * channels * height]), rowStart.add(row), 0);
      const value = gather(flat, planes.add(row.mul(width)).add(ownColumn), 0);
      const isFilled = logicalAnd(inBatch, logicalAnd(holdsAny(yMask), holdsAny(xBins[binColumn]!)));
      return where(reshape(isFilled, [regions, 1]), value, 0);
    }),
  );
  const stacked = pooled.map((bin) => reshape(bin, [regions, channels, 1]));
  return reshape(concat(stacked, 2), [regions, channels, binRows, binColumns]);
}

/** Which positions along an axis each bin of each region covers: one mask (regions, length) a bin. */
function binMasks(from: NDArray, to: NDArray, scale: number, bins: number, length: number): NDArray[] {
  const start = roundHalfAway(from.mul(scale));
  const size = maximum(roundHalfAway(to.mul(scale)).sub(start).add(1), 1);
  const bin = size.div(bins);
  const positions = reshape(arange(length).cast('float32'), [1, length]);
  const bound = (edge: NDArray) => reshape(minimum(maximum(edge.add(start), 0), length), [from.size, 1]);
  return Array.from({ length: bins }, (_, index) =>
    logicalAnd(greaterEqual(positions, bound(floor(bin.mul(index)))), less(positions, bound(neg(floor(neg(bin.mul(index + 1))))))),
  );
}

function roundHalfAway(x: NDArray): NDArray {
  return mul(sign(x), floor(abs(x).add(0.5)));
}

function holdsAny(mask: NDArray): NDArray {
  return max(mask.cast('float32'), { axes: 1 }).cast('bool');
}

/** Where each region's channels start in the flattened data. */
function startOfPlane(image: NDArray, channels: number, planeSize: number): NDArray {
  const perImage = reshape(image.mul(channels * planeSize), [image.size, 1]);
  return perImage.add(reshape(arange(channels).mul(planeSize), [1, channels]));
}
