import { array, type NDArray } from '@lossworks/ndarray';
import type { DeltaStatistics } from './delta-statistics.js';

type Parameters = Readonly<Record<string, NDArray>>;

const weight = 'bbox_pred_weight';
const bias = 'bbox_pred_bias';
const testSuffix = '_test';

/**
 * The parameters with two more, `bbox_pred_weight_test` and `bbox_pred_bias_test`, which give deltas that are not normalised: weight · deviation, bias · deviation + mean
 * (MXNet's `do_checkpoint` of its example). With them a detector needs no statistics.
 */
export function withDenormalized(argParams: Parameters, { means, deviations }: DeltaStatistics): Parameters {
  const row = (numbers: DeltaStatistics['means']) => array(numbers.flat());
  return {
    ...argParams,
    [weight + testSuffix]: argParams[weight]!.mul(row(deviations).reshape([deviations.length * 4, 1])),
    [bias + testSuffix]: argParams[bias]!.mul(row(deviations)).add(row(means)),
  };
}

/** Parameters to detect with: those of `withDenormalized` under the names of the network. */
export function testParameters(argParams: Parameters): Parameters {
  const { [weight + testSuffix]: testWeight, [bias + testSuffix]: testBias, ...rest } = argParams;
  if (!testWeight || !testBias) throw new RangeError(`testParameters: there is no ${weight + testSuffix} or ${bias + testSuffix}; give what withDenormalized made`);
  return { ...rest, [weight]: testWeight, [bias]: testBias };
}
