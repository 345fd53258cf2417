import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `ExponentialScheduler`: the rate is multiplied by `decay` every `steps` updates. */
export interface ExponentialSchedulerOptions extends Partial<SchedulerOptions> {
  /** What `steps` updates multiply the rate by, above 0. */
  decay: number;
  /** Updates in which the rate falls by `decay`, a whole number of at least 1, default 1. */
  steps?: number;
}

/** base·decay^(elapsed/steps) (PyTorch `ExponentialLR` for `steps` 1). */
export class ExponentialScheduler extends CurveScheduler {
  /** What `steps` updates multiply the rate by. */
  readonly decay: number;
  /** Updates in which the rate falls by `decay`; between, it falls evenly. */
  readonly steps: number;

  /** @throws RangeError for a `decay` that is not above 0, or `steps` that are no whole number of at least 1. */
  constructor(options: ExponentialSchedulerOptions) {
    super(options);
    const { decay, steps } = { steps: 1, ...options };
    this.checkPositive('decay', decay);
    this.checkCount('steps', steps);
    this.decay = decay;
    this.steps = steps;
  }

  /** base·decay^(elapsed/steps). */
  protected rateAfter(elapsed: number): number {
    return this.baseLearningRate * this.decay ** (elapsed / this.steps);
  }
}
