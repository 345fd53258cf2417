import { Scheduler, type SchedulerOptions, type SchedulerState } from './scheduler.js';

/** Options of `FactorScheduler` (MXNet `FactorScheduler`). */
export interface FactorSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates between two changes, at least 1. */
  step: number;
  /** What the rate is multiplied by, at most 1, default 1. */
  factor?: number;
  /** The rate never falls below this, default 1e-8 (MXNet `stop_factor_lr`). */
  stopLearningRate?: number;
}

/** Multiplies the rate by `factor` after every `step` updates: first at update `step + 1` (MXNet `FactorScheduler`). */
export class FactorScheduler extends Scheduler {
  /** Updates between two changes. */
  readonly step: number;
  /** What the rate is multiplied by. */
  readonly factor: number;
  /** The rate never falls below this. */
  readonly stopLearningRate: number;
  /** The update after which the last change happened. */
  protected count = 0;

  /** @throws RangeError for a `step` below 1 or a `factor` above 1. */
  constructor(options: FactorSchedulerOptions) {
    super(options);
    const { step, factor, stopLearningRate } = { factor: 1, stopLearningRate: 1e-8, ...options };
    if (!(step >= 1)) throw new RangeError(`FactorScheduler: step is ${step}; give at least 1 update`);
    checkFactor('FactorScheduler', factor);
    this.step = step;
    this.factor = factor;
    this.stopLearningRate = stopLearningRate;
  }

  /** The base rate, lowered for every `step` updates that have passed. */
  protected afterWarmup(numUpdate: number): number {
    while (numUpdate > this.count + this.step) {
      this.count += this.step;
      this.baseLearningRate = Math.max(this.baseLearningRate * this.factor, this.stopLearningRate);
    }
    return this.baseLearningRate;
  }

  /** Base rate and `count`. */
  override state(): SchedulerState {
    return { ...super.state(), count: this.count };
  }
}

/** Throws unless the factor lets the rate fall or stay. */
export function checkFactor(scheduler: string, factor: number): void {
  if (!(factor <= 1)) throw new RangeError(`${scheduler}: factor is ${factor}; a rate that falls needs at most 1`);
}
