import type { NDArray } from '@lossworks/ndarray';
import { createOptimizer } from '../create-optimizer.js';
import { type OptimizerName, optimizerRules } from '../optimizer-table.js';
import { lbfgs } from './lbfgs.js';
import { sam } from './sam.js';
import type { Stepper } from './stepper.js';
import { updateStepper } from './update-stepper.js';

type Options = Readonly<Record<string, unknown>>;

/** One algorithm that evaluates more than once a step. */
export interface StepperRule {
  /** Whether it decides by the loss's value; others look at gradients alone. */
  readonly readsLoss: boolean;
  /** Whether it wraps an optimizer, whose options it then takes beside its own. */
  readonly wrapsOptimizer: boolean;
  /** The stepper for these weights. */
  make(weights: readonly NDArray[], options: Options): Stepper;
}

/** The algorithms that evaluate more than once a step, by name. */
export const stepperRules = {
  sam: {
    readsLoss: false,
    wrapsOptimizer: true,
    make: (weights, { optimizer = 'sgd', radius, adaptive, ...options }) => sam(createOptimizer(String(optimizer), options), weights, given({ radius, adaptive })),
  },
  lbfgs: {
    readsLoss: true,
    wrapsOptimizer: false,
    make(weights, { learningRate, historySize, maxEvaluations, sufficientDecrease, curvature, ...unknown }) {
      const [name] = Object.keys(unknown);
      if (name !== undefined) throw new RangeError(`createStepper: lbfgs has no option ${name}; it has learningRate, historySize, maxEvaluations, sufficientDecrease, curvature`);
      return lbfgs(weights, given({ learningRate, historySize, maxEvaluations, sufficientDecrease, curvature }));
    },
  },
} satisfies { readonly [name: string]: StepperRule };

/** Names that `createStepper` knows: `sam`, `lbfgs`, and every optimizer. */
export type StepperName = keyof typeof stepperRules | OptimizerName;

/**
 * Makes a stepper by name: `sam` (options of its `optimizer`, `radius`, `adaptive`), `lbfgs`, or any optimizer. One form for all of them: `await
 * stepper.step(closure)`. Every step updates these `weights`, whose places number the parameters.
 *
 * @throws RangeError for an unknown name or option; the message lists those there are.
 */
export function createStepper(name: StepperName, weights: readonly NDArray[], options: Options = {}): Stepper {
  const rule = findStepper(name);
  if (rule) return rule.make(weights, options);
  const key = name.toLowerCase();
  if (!Object.hasOwn(optimizerRules, key)) {
    throw new RangeError(`createStepper: there is no "${name}"; choose one of ${[...Object.keys(stepperRules), ...Object.keys(optimizerRules)].join(', ')}`);
  }
  return updateStepper(createOptimizer(key, options), weights);
}

/** The algorithm of this name, in any case, if it is one that evaluates more than once a step; undefined for an optimizer or an unknown name. */
export function findStepper(name: string): StepperRule | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(stepperRules, key) ? stepperRules[key as keyof typeof stepperRules] : undefined;
}

function given(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
