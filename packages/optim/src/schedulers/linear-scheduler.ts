import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `LinearScheduler`: `steps` updates from the base rate to the final one. */
export interface LinearSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates from the base rate to the final one, which then stays; a whole number of at least 1. */
  steps: number;
  /** The rate at the end, default 0; above the base rate, the rate rises. */
  finalLearningRate?: number;
}

/** base + (final − base)·min(1, elapsed/steps) (PyTorch `LinearLR`, rates instead of factors). */
export class LinearScheduler extends CurveScheduler {
  /** Updates from the base rate to the final one. */
  readonly steps: number;
  /** The rate at the end. */
  readonly finalLearningRate: number;

  /** @throws RangeError for `steps` that are no whole number of at least 1. */
  constructor(options: LinearSchedulerOptions) {
    super(options);
    const { steps, finalLearningRate } = { finalLearningRate: 0, ...options };
    this.checkCount('steps', steps);
    this.steps = steps;
    this.finalLearningRate = finalLearningRate;
  }

  /** base + (final − base)·min(1, elapsed/steps). */
  protected rateAfter(elapsed: number): number {
    return this.baseLearningRate + (this.finalLearningRate - this.baseLearningRate) * Math.min(1, elapsed / this.steps);
  }
}
