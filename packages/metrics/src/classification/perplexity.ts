import { sizeOf } from '../host-array.js';
import { metricClass } from '../metric-class.js';
import { misfit, type Pair } from '../metric-update.js';
import { tally, tallyOf, tallyPairs, type Tally } from '../state/tally.js';

/**
 * exp(−Σ log max(p[l], 1e-10) / count) (MXNet `Perplexity`). Predictions are probabilities, `[samples, classes]` with `axis` over the classes;
 * samples with the label `ignoreLabel` are left out and not counted. Labels outside the classes read the nearest class.
 */
export const Perplexity = metricClass({
  className: 'Perplexity',
  parameters: { ignoreLabel: null as number | null, axis: -1 },
  define: ({ ignoreLabel, axis }) => ({
    ...tallyPairs(pair => negativeLogLikelihood(pair, ignoreLabel, axis)),
    compute: (state: Tally) => Math.exp(tally.compute(state)),
  }),
});

function negativeLogLikelihood(pair: Pair, ignoreLabel: number | null, axis: number) {
  const { label, pred } = pair;
  const classAxis = axis < 0 ? axis + 2 : axis;
  if (pred.shape.length !== 2 || (classAxis !== 0 && classAxis !== 1)) {
    throw misfit(pair, `predictions must have 2 axes, axis ${axis} among them`, 'reshape them to [samples, classes] and leave axis at -1');
  }
  const classes = pred.shape[classAxis]!;
  const samples = pred.shape[1 - classAxis]!;
  if (sizeOf(label.shape) !== samples) {
    throw misfit(pair, `${sizeOf(label.shape)} labels against ${samples} samples`, 'give one label a sample');
  }
  const [sampleStride, classStride] = classAxis === 1 ? [classes, 1] : [1, samples];
  const counted = Array.from({ length: samples }, (_, sample) => sample).filter(sample => label.data[sample] !== ignoreLabel);
  return tallyOf(counted.length, i => {
    const sample = counted[i]!;
    const nearest = Math.min(Math.max(Math.trunc(label.data[sample]!), 0), classes - 1);
    return -Math.log(Math.max(1e-10, pred.data[sample * sampleStride + nearest * classStride]!));
  });
}
