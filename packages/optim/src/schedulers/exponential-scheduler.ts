import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `ExponentialScheduler`: the rate is multiplied by `decay` every `steps` updates. */
export interface ExponentialSchedulerOptions extends Partial<SchedulerOptions> {
  /** What `steps` updates multiply the rate by. */
  decay: number;
  steps?: number;
}

/** base·decay^(elapsed/steps) (PyTorch `ExponentialLR` for `steps` 1). */
export class ExponentialScheduler extends CurveScheduler {
  readonly decay: number;
  readonly steps: number;

  constructor(options: ExponentialSchedulerOptions) {
    super(options);
    const { decay, steps } = { steps: 1, ...options };
    this.checkPositive('decay', decay);
    this.checkCount('steps', steps);
    this.decay = decay;
    this.steps = steps;
  }

  protected rateAfter(elapsed: number): number {
    return this.baseLearningRate * this.decay ** (elapsed / this.steps);
  }
}
