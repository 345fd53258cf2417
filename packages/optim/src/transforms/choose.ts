import type { NDArray, Shape } from '@lossworks/ndarray';
import { type GradientTransform, type Update, updateTogether } from '../gradient-transform.js';

/** What tells parameters apart: the name (or the index as text) and the shape. */
export interface ParameterTraits {
  /** The name, or the index as text where there is none. */
  readonly parameter: string;
  /** The weight's shape. */
  readonly shape: Shape;
}

/**
 * Gives every parameter the transform that `select` picks for it, the same one every time. Parameters with the same one are updated together (Optax
 * `multi_transform`).
 */
export function choose(name: string, select: (traits: ParameterTraits) => GradientTransform): GradientTransform {
  const of = (weight: NDArray, parameter: string): GradientTransform => select({ parameter, shape: weight.shape });
  return {
    name,
    init: (weight, parameter) => of(weight, parameter).init(weight, parameter),
    update: (context) => of(context.weight, context.parameter).update(context),
    updateTogether(contexts) {
      const groups = new Map<GradientTransform, number[]>();
      contexts.forEach(({ weight, parameter }, i) => {
        const transform = of(weight, parameter);
        groups.set(transform, [...(groups.get(transform) ?? []), i]);
      });
      const updates = new Array<Update>(contexts.length);
      for (const [transform, members] of groups) {
        updateTogether(transform, members.map((i) => contexts[i]!)).forEach((update, k) => (updates[members[k]!] = update));
      }
      return updates;
    },
    evaluationWeight: (weight, state, parameter) => of(weight, parameter).evaluationWeight?.(weight, state, parameter) ?? weight,
  };
}

/** Leaves the weight as it is and keeps nothing (Optax `set_to_zero`). */
export const frozen: GradientTransform = {
  name: 'frozen',
  init: () => ({}),
  update: ({ gradient, weight }) => ({ gradient, weight, state: {} }),
};
