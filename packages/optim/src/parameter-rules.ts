import type { GradientTransform } from './gradient-transform.js';
import { choose, frozen } from './transforms/choose.js';

/** What holds for the parameters whose name matches; the index as text where a parameter has no name. The first rule that matches is the one. */
export interface ParameterRule {
  /** Looked for anywhere in the name. */
  readonly match: RegExp;
  /** Factor of the learning rate; without it the attributes decide, or 1. */
  readonly learningRateMultiplier?: number;
  /** Factor of the weight decay; without it the naming rules and attributes decide. */
  readonly weightDecayMultiplier?: number;
  /** Neither weight nor state changes, and the gradient enters no norm; false unless told. */
  readonly frozen?: boolean;
  /** Another chain for these parameters, such as one of `createTransform`. */
  readonly transform?: GradientTransform;
}

export function ruleOf(rules: readonly ParameterRule[], parameter: string): ParameterRule | undefined {
  // `search` minds no `lastIndex`, so that a global expression matches every time.
  return rules.find(({ match }) => parameter.search(match) >= 0);
}

/** The chain of their own for parameters that have one. */
export function chooseByRule(rules: readonly ParameterRule[], otherwise: GradientTransform): GradientTransform {
  if (!rules.some(({ transform }) => transform)) return otherwise;
  return choose(`rules(${otherwise.name})`, ({ parameter }) => ruleOf(rules, parameter)?.transform ?? otherwise);
}

/** Lets parameters stand still that a rule freezes. */
export function freezeByRule(rules: readonly ParameterRule[], otherwise: GradientTransform): GradientTransform {
  if (!rules.some((rule) => rule.frozen)) return otherwise;
  return choose(`freeze(${otherwise.name})`, ({ parameter }) => (ruleOf(rules, parameter)?.frozen ? frozen : otherwise));
}
