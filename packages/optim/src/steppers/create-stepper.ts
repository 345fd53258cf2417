import type { NDArray } from '@lossworks/ndarray';
import { createOptimizer } from '../create-optimizer.js';
import { type OptimizerName, optimizerRules } from '../optimizer-table.js';
import { lbfgs } from './lbfgs.js';
import { sam } from './sam.js';
import type { Stepper } from './stepper.js';
import { updateStepper } from './update-stepper.js';

type Options = Readonly<Record<string, unknown>>;

/** The algorithms that evaluate more than once a step. */
const steppers = {
  sam: (weights: readonly NDArray[], { optimizer = 'sgd', radius, adaptive, ...options }: Options) =>
    sam(createOptimizer(String(optimizer), options), weights, given({ radius, adaptive })),
  lbfgs: (weights: readonly NDArray[], { learningRate, historySize, maxEvaluations, sufficientDecrease, curvature, ...unknown }: Options) => {
    const [name] = Object.keys(unknown);
    if (name !== undefined) throw new RangeError(`createStepper: lbfgs has no option ${name}; it has learningRate, historySize, maxEvaluations, sufficientDecrease, curvature`);
    return lbfgs(weights, given({ learningRate, historySize, maxEvaluations, sufficientDecrease, curvature }));
  },
} as const;

export type StepperName = keyof typeof steppers | OptimizerName;

/**
 * Makes a stepper by name: `sam` (options of its `optimizer`, `radius`, `adaptive`), `lbfgs`, or any optimizer. One form for all of them: `await
 * stepper.step(closure)`.
 *
 * @throws RangeError for an unknown name or option; the message lists those there are.
 */
export function createStepper(name: StepperName, weights: readonly NDArray[], options: Options = {}): Stepper {
  const key = name.toLowerCase();
  if (Object.hasOwn(steppers, key)) return steppers[key as keyof typeof steppers](weights, options);
  if (!Object.hasOwn(optimizerRules, key)) {
    throw new RangeError(`createStepper: there is no "${name}"; choose one of ${[...Object.keys(steppers), ...Object.keys(optimizerRules)].join(', ')}`);
  }
  return updateStepper(createOptimizer(key, options), weights);
}

function given(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
