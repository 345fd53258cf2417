import { Scheduler } from './scheduler.js';

/**
 * A rate that is a function of the updates since the first (update 1 without warm-up, update `warmupSteps` with it), in terms of `baseLearningRate`: it
 * may rise again, and an earlier update gives what it gave. Where PyTorch has the same schedule, `elapsed` is its step.
 */
export abstract class CurveScheduler extends Scheduler {
  /** The rate `elapsed` updates after the first, from 0. */
  protected abstract rateAfter(elapsed: number): number;

  /** `rateAfter` the updates since the first: never below 0 of them. */
  protected afterWarmup(numUpdate: number): number {
    return this.rateAfter(Math.max(0, numUpdate - Math.max(this.warmupSteps, 1)));
  }

  /**
   * Checks an option that counts updates.
   *
   * @throws RangeError unless `value` is a whole number of at least 1.
   */
  protected checkCount(option: string, value: number): void {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${this.constructor.name}: ${option} is ${value}; give a whole number of at least 1`);
    }
  }

  /**
   * Checks an option that must be above 0.
   *
   * @throws RangeError unless `value` is a number above 0.
   */
  protected checkPositive(option: string, value: number): void {
    if (!(value > 0)) throw new RangeError(`${this.constructor.name}: ${option} is ${value}; give a number above 0`);
  }
}
