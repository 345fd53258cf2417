import { abs, add, div, keep, mul, type NDArray, sqrt, square, sum } from '@lossworks/ndarray';
import type { Optimizer } from '../optimizer.js';
import { checkEvaluation, type Stepper } from './stepper.js';
import { updateStepper } from './update-stepper.js';

/** Options of `sam` (Foret et al. 2021). */
export interface SamOptions {
  /** ρ: how far the weights are moved to where the loss is looked at, at least 0, default 0.05. */
  radius?: number;
  /** Distance relative to the size of each weight (ASAM, Kwon et al. 2021); default false. */
  adaptive?: boolean;
}

/**
 * Sharpness-aware minimization (Foret et al. 2021): the optimizer's step with the gradient at w + ρ·g/‖g‖, ‖g‖ over all weights; adaptive at w +
 * ρ·w²·g/‖w·g‖. Two evaluations a step, nothing is read. SAM itself keeps no state.
 *
 * @throws RangeError for a negative `radius`; in a step, for gradients that are not one a weight, of its shape.
 */
export function sam(optimizer: Optimizer, weights: readonly NDArray[], options: SamOptions = {}): Stepper {
  const { radius, adaptive } = { radius: 0.05, adaptive: false, ...options };
  if (!(radius >= 0)) throw new RangeError(`sam: radius is ${radius}; give a number of at least 0`);
  const plain = updateStepper(optimizer, weights);
  return {
    ...plain,
    async step(closure) {
      const here = await closure();
      checkEvaluation('sam', here, weights);
      const start = weights.map((weight) => weight.snapshot());
      const loss = typeof here.loss === 'number' ? here.loss : keep(here.loss);
      for (const [i, ascent] of ascents(weights, here.gradients, radius, adaptive).entries()) weights[i]!.assign(add(weights[i]!, ascent));
      await plain.step(async () => {
        const there = await closure();
        // The gradients stand apart from the weights, which go back before the optimizer sees them.
        weights.forEach((weight, i) => weight.assign(start[i]!));
        return there;
      });
      return loss;
    },
  };
}

function ascents(weights: readonly NDArray[], gradients: readonly NDArray[], radius: number, adaptive: boolean): NDArray[] {
  const scaled = gradients.map((gradient, i) => (adaptive ? mul(abs(weights[i]!), gradient) : gradient));
  const total = scaled.map((each) => sum(square(each))).reduce((all, one) => add(all, one));
  const scale = div(radius, add(sqrt(total), 1e-12));
  return scaled.map((each, i) => mul(adaptive ? mul(abs(weights[i]!), each) : each, scale));
}
