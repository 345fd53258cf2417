import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `LinearScheduler`: `steps` updates from the base rate to the final one. */
export interface LinearSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates from the base rate to the final one, which then stays. */
  steps: number;
  finalLearningRate?: number;
}

/** base + (final − base)·min(1, elapsed/steps) (PyTorch `LinearLR`, rates instead of factors). */
export class LinearScheduler extends CurveScheduler {
  readonly steps: number;
  readonly finalLearningRate: number;

  constructor(options: LinearSchedulerOptions) {
    super(options);
    const { steps, finalLearningRate } = { finalLearningRate: 0, ...options };
    this.checkCount('steps', steps);
    this.steps = steps;
    this.finalLearningRate = finalLearningRate;
  }

  protected rateAfter(elapsed: number): number {
    return this.baseLearningRate + (this.finalLearningRate - this.baseLearningRate) * Math.min(1, elapsed / this.steps);
  }
}
