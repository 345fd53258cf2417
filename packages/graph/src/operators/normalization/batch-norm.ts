import { formatShape, greater, mean, ones, reciprocal, reshape, sqrt, square, maximum, where, type NDArray, type Shape } from '@lossworks/ndarray';
import { sameAsData } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { Call } from '../operator.js';
import { bool, float, int } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

const parameters = {
  eps: float('Added to the variance.', { fallback: 1e-3 }),
  momentum: float('What stays of the moving statistics in a step.', { fallback: 0.9 }),
  fix_gamma: bool('Take gamma as 1 and do not train it.', { fallback: true }),
  use_global_stats: bool('Normalise by the moving statistics in training too, and leave them alone.', { fallback: false }),
  output_mean_var: bool('Give out the mean and 1 / √(variance + eps) as well.', { fallback: false }),
  axis: int('The axis of channels.', { fallback: 1 }),
  cudnn_off: bool('Accepted, without effect.', { fallback: false }),
  min_calib_range: float('Accepted, without effect.', { fallback: 0 }),
  max_calib_range: float('Accepted, without effect.', { fallback: 0 }),
};

/** Sums and counts that a step's moving statistics come from. */
type BatchCall = Pick<Call<typeof parameters>, 'inputs' | 'auxiliaryStates' | 'parameters' | 'isTrain'>;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): (x − μ) / √(σ² + eps) · γ + β for each channel, by the statistics of the batch in training, by the
 * moving ones else. As in MXNet the moving statistics change with `backward` alone, by the biased variance.
 */
export const batchNormOperator = defineOperator({
  name: 'BatchNorm',
  parameters,
  inputs: () => ['data', 'gamma', 'beta'],
  auxiliaryStates: () => ['moving_mean', 'moving_var'],
  variableAttributes: {
    moving_mean: { __init__: '["zero", {}]' },
    moving_var: { __init__: '["one", {}]' },
  },
  fixedInputs: ({ fix_gamma }): { readonly [argument: string]: number } => (fix_gamma ? { gamma: 1 } : {}),
  outputs: ({ output_mean_var }) => (output_mean_var ? ['output', 'mean', 'var'] : ['output']),
  hiddenOutputs: ({ output_mean_var }) => (output_mean_var ? 0 : 2),
  completeShapes: (shapes, { axis }) => {
    const { inputs, outputs } = sameAsData(shapes);
    const [data] = inputs;
    const channels = data && [data[axisIn(axis, data)]!];
    return { inputs: [data, channels, channels], auxiliaryStates: [channels, channels], outputs: [outputs[0], ...outputs.slice(1).map(() => channels)] };
  },
  record: (call) => {
    const [data, gamma, beta] = call.inputs;
    const { eps, fix_gamma, output_mean_var } = call.parameters;
    const shape = channelShape(data!.shape, call.parameters.axis);
    const { mean: center, variance } = usesBatch(call) ? batchStatistics(call) : movingStatistics(call, shape);
    const inverse = reciprocal(sqrt(variance.add(eps)));
    const scaled = fix_gamma ? inverse : inverse.mul(reshape(gamma!, shape));
    const output = data!.sub(center).mul(scaled).add(reshape(beta!, shape));
    const channels = [gamma!.size];
    return output_mean_var ? [output, reshape(center, channels), reshape(inverse, channels)] : [output];
  },
  contribution: {
    perWorker: true,
    contribute: (call) => {
      if (!usesBatch(call)) return [];
      const { mean: center, variance } = batchStatistics(call);
      const channels = [call.inputs[1]!.size];
      return [reshape(center, channels), reshape(variance, channels), ones([1])];
    },
    commit: ([movingMean, movingVar], [means, variances, count], { momentum }) => {
      if (!means || !variances || !count) return [movingMean!, movingVar!];
      const batches = maximum(count, 1);
      const moved = (state: NDArray, sum: NDArray) => where(greater(count, 0), state.mul(momentum).add(sum.div(batches).mul(1 - momentum)), state);
      return [moved(movingMean!, means), moved(movingVar!, variances)];
    },
  },
});

function usesBatch({ isTrain, parameters: { use_global_stats } }: BatchCall): boolean {
  return isTrain && !use_global_stats;
}

function batchStatistics({ inputs: [data], parameters: { axis } }: BatchCall) {
  const channel = axisIn(axis, data!.shape);
  const options = { axes: data!.shape.flatMap((_, one) => (one === channel ? [] : [one])), keepDims: true };
  const center = mean(data!, options);
  return { mean: center, variance: mean(square(data!.sub(center)), options) };
}

function movingStatistics({ auxiliaryStates: [movingMean, movingVar] }: BatchCall, shape: Shape) {
  return { mean: reshape(movingMean!, shape), variance: reshape(movingVar!, shape) };
}

function channelShape(data: Shape, axis: number): number[] {
  if (data.length < 2) throw new RangeError(`data ${formatShape(data)} needs at least two axes, of which axis ${axis} are the channels`);
  const channel = axisIn(axis, data);
  return data.map((length, one) => (one === channel ? length : 1));
}
