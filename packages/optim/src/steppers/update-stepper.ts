import type { NDArray } from '@lossworks/ndarray';
import type { Optimizer } from '../optimizer.js';
import { getUpdater } from '../updater.js';
import { checkEvaluation, type Stepper } from './stepper.js';

/** An optimizer in the form of a stepper: evaluate once, update. A parameter's index is its weight's place in the list. */
export function updateStepper(optimizer: Optimizer, weights: readonly NDArray[]): Stepper {
  const updater = getUpdater(optimizer);
  return {
    optimizer,
    async step(closure) {
      const evaluation = await closure();
      checkEvaluation(optimizer.name, evaluation, weights);
      updater(weights.map((_, i) => i), evaluation.gradients, weights);
      return evaluation.loss;
    },
    evaluationWeight: (place) => updater.evaluationWeight(place, weights[place]!),
    state: () => updater.state(),
    restore: (saved) => updater.restore(saved),
  };
}
