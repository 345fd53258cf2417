import { abs, add, cast, lessEqual, min, minimum, type NDArray, sub, where, zeros } from '@lossworks/ndarray';
import { type GradientTransform, type Update, type UpdateContext, updateTogether } from '../gradient-transform.js';

const largestFloat32 = 3.4028234663852886e38;

/**
 * Leaves weights and states as they are in a step where any gradient of any parameter holds NaN or an infinity. The state `skipped`, of shape [],
 * counts those steps; step numbers go on, since nothing is read.
 */
export function skipNotFinite(inner: GradientTransform): GradientTransform {
  function run(contexts: readonly UpdateContext[]): Update[] {
    const allFinite = contexts.map(({ gradient }) => min(cast(lessEqual(abs(gradient), largestFloat32), 'float32'))).reduce((all, one) => minimum(all, one));
    const finite = cast(allFinite, 'bool');
    return updateTogether(inner, contexts).map((update, i) => {
      const { weight, state } = contexts[i]!;
      const updated = update.weight ?? add(weight, update.gradient);
      const kept = Object.entries(update.state).map(([name, value]): [string, NDArray] => [name, where(finite, value, state[name]!)]);
      const skipped = add(state.skipped!, sub(1, allFinite));
      return { gradient: update.gradient, weight: where(finite, updated, weight), state: { ...Object.fromEntries(kept), skipped } };
    });
  }
  return {
    name: `skipNotFinite(${inner.name})`,
    init: (weight, parameter) => ({ ...inner.init(weight, parameter), skipped: zeros([]) }),
    update: (context) => run([context])[0]!,
    updateTogether: run,
    ...(inner.evaluationWeight && { evaluationWeight: inner.evaluationWeight }),
  };
}
