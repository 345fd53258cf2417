import { checkFactor } from './factor-scheduler.js';
import { Scheduler, type SchedulerOptions, type SchedulerState } from './scheduler.js';

/** Options of `MultiFactorScheduler` (MXNet `MultiFactorScheduler`). */
export interface MultiFactorSchedulerOptions extends Partial<SchedulerOptions> {
  /** The updates after which the rate changes: whole numbers of at least 1, rising. */
  step: readonly number[];
  /** What the rate is multiplied by, at most 1, default 1. */
  factor?: number;
}

/** Multiplies the rate by `factor` once after each of the listed updates (MXNet `MultiFactorScheduler`). */
export class MultiFactorScheduler extends Scheduler {
  /** The updates after which the rate changes. */
  readonly step: readonly number[];
  /** What the rate is multiplied by. */
  readonly factor: number;
  /** How many of the listed updates have passed. */
  protected passed = 0;

  /**
   * @throws TypeError unless `step` is a list that is not empty; RangeError for steps that are not rising whole numbers of at least 1, or a `factor`
   * above 1.
   */
  constructor(options: MultiFactorSchedulerOptions) {
    super(options);
    const { step, factor } = { factor: 1, ...options };
    if (!Array.isArray(step) || step.length === 0) {
      throw new TypeError('MultiFactorScheduler: step must be a list of update numbers; for a regular interval use FactorScheduler');
    }
    step.forEach((update, i) => {
      if (!Number.isInteger(update) || update < 1 || (i > 0 && update <= step[i - 1])) {
        throw new RangeError(`MultiFactorScheduler: step [${step.join(', ')}] must be whole numbers of at least 1, each above the one before`);
      }
    });
    checkFactor('MultiFactorScheduler', factor);
    this.step = [...step];
    this.factor = factor;
  }

  /** The base rate, lowered once for each listed update that has passed. */
  protected afterWarmup(numUpdate: number): number {
    while (this.passed < this.step.length && numUpdate > this.step[this.passed]!) {
      this.passed++;
      this.baseLearningRate *= this.factor;
    }
    return this.baseLearningRate;
  }

  /** Base rate and `passed`. */
  override state(): SchedulerState {
    return { ...super.state(), passed: this.passed };
  }
}
