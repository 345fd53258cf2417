import { add, type NDArray } from '@lossworks/ndarray';
import { type GradientTransform, type State, type Update, type UpdateContext, updateTogether } from '../gradient-transform.js';
import { movingAverage } from '../rules/moments.js';

/**
 * Keeps an exponential moving average of the weight beside the trained one, average = decay·average + (1 − decay)·w, beginning with the initial
 * weight (Polyak & Juditsky 1992). `evaluationWeight` gives it.
 *
 * @throws RangeError for a `decay` outside [0, 1).
 */
export function averageWeights(decay: number, inner: GradientTransform): GradientTransform {
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`averageWeights: decay is ${decay}; give a number of at least 0 and below 1`);
  const average = ({ weight, state }: UpdateContext, update: Update): Update => {
    const updated = update.weight ?? add(weight, update.gradient);
    const averageWeight = movingAverage(state.averageWeight!, updated, decay);
    return { gradient: update.gradient, weight: updated, state: { ...update.state, averageWeight } };
  };
  return {
    name: `averageWeights(${inner.name})`,
    init: (weight, parameter) => ({ ...inner.init(weight, parameter), averageWeight: weight.snapshot() }),
    update: (context) => average(context, inner.update(context)),
    updateTogether: (contexts) => updateTogether(inner, contexts).map((update, i) => average(contexts[i]!, update)),
    evaluationWeight: (_weight: NDArray, state: State) => state.averageWeight!,
  };
}
