import { Scheduler, type SchedulerOptions } from './scheduler.js';

/** Options of schedules that fall to `finalLearningRate` at update `maxUpdate`. */
export interface DecaySchedulerOptions extends Partial<SchedulerOptions> {
  /** The update at which `finalLearningRate` is reached, a whole number of at least 1 (MXNet `max_update`). */
  maxUpdate: number;
  /** The rate at the end, default 0 (MXNet `final_lr`). */
  finalLearningRate?: number;
}

/**
 * A rate that falls along a curve from the constructor's base rate to the final one, and then stays at the last rate it computed. A learning
 * rate that an optimizer writes to `baseLearningRate` does not move the curve.
 */
export abstract class DecayScheduler extends Scheduler {
  readonly maxUpdate: number;
  readonly finalLearningRate: number;
  readonly initialLearningRate: number;

  constructor(options: DecaySchedulerOptions) {
    super(options);
    const { maxUpdate, finalLearningRate } = { finalLearningRate: 0, ...options };
    if (!Number.isInteger(maxUpdate) || maxUpdate < 1) {
      throw new RangeError(`${this.constructor.name}: maxUpdate is ${maxUpdate}; give a whole number of at least 1`);
    }
    this.maxUpdate = maxUpdate;
    this.finalLearningRate = finalLearningRate;
    this.initialLearningRate = this.baseLearningRate;
  }

  /** The part of the way that is left, 1 at progress 0 and 0 at progress 1. */
  protected abstract remaining(progress: number): number;

  protected afterWarmup(numUpdate: number): number {
    if (numUpdate <= this.maxUpdate) {
      const span = this.maxUpdate - this.warmupSteps;
      const progress = span === 0 ? 1 : (numUpdate - this.warmupSteps) / span;
      this.baseLearningRate = this.finalLearningRate + (this.initialLearningRate - this.finalLearningRate) * this.remaining(progress);
    }
    return this.baseLearningRate;
  }
}
