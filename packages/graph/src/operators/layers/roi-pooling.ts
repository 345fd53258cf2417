import { formatShape, gather, pad, regionArgMax, reshape } from '@lossworks/ndarray';
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
    // Behind the features stands a 0, for bins that hold nothing.
    const features = pad(reshape(data!, [data!.size]), [0], [1]);
    return [gather(features, regionArgMax(data!, rois!, { bins: pooled_size as readonly [number, number], scale: spatial_scale }))];
  },
});
