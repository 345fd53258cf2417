import { add, div, zeros } from '@lossworks/ndarray';
import { type GradientTransform, type Update, type UpdateContext, updateTogether } from '../gradient-transform.js';

/**
 * Lets the inner transform see the mean of every `count` gradients; the updates between change neither weight nor its state. An optimizer given
 * `accumulate` also counts steps, not gradients, for schedules and bias corrections.
 *
 * @throws RangeError for a `count` that is no whole number of at least 1.
 */
export function accumulateGradients(count: number, inner: GradientTransform): GradientTransform {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`accumulateGradients: count is ${count}; give a whole number of at least 1`);
  function run(contexts: readonly UpdateContext[]): Update[] {
    const totals = contexts.map(({ state, gradient }) => add(state.accumulatedGradient!, gradient));
    const isDue = ({ updates }: UpdateContext): boolean => updates % count === 0;
    const due = contexts.flatMap((context, i) => (isDue(context) ? [{ ...context, gradient: div(totals[i]!, count) }] : []));
    const steps = updateTogether(inner, due)[Symbol.iterator]();
    return contexts.map((context, i) => {
      if (!isDue(context)) return { gradient: totals[i]!, weight: context.weight, state: { accumulatedGradient: totals[i]! } };
      const update = steps.next().value as Update;
      return { ...update, state: { ...update.state, accumulatedGradient: zeros(context.weight.shape) } };
    });
  }
  return {
    name: `accumulateGradients(${inner.name})`,
    init: (weight, parameter) => ({ ...inner.init(weight, parameter), accumulatedGradient: zeros(weight.shape) }),
    update: (context) => run([context])[0]!,
    updateTogether: run,
    ...(inner.evaluationWeight && { evaluationWeight: inner.evaluationWeight }),
  };
}
