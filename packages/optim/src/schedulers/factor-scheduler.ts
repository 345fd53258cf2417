import { Scheduler, type SchedulerOptions, type SchedulerState } from './scheduler.js';

/** Options of `FactorScheduler` (MXNet `FactorScheduler`). */
export interface FactorSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates between two changes. */
  step: number;
  /** What the rate is multiplied by, at most 1. */
  factor?: number;
  /** The rate never falls below this. */
  stopLearningRate?: number;
}

/** Multiplies the rate by `factor` after every `step` updates: first at update `step + 1` (MXNet `FactorScheduler`). */
export class FactorScheduler extends Scheduler {
  readonly step: number;
  readonly factor: number;
  readonly stopLearningRate: number;
  /** The update after which the last change happened. */
  protected count = 0;

  constructor(options: FactorSchedulerOptions) {
    super(options);
    const { step, factor, stopLearningRate } = { factor: 1, stopLearningRate: 1e-8, ...options };
    if (!(step >= 1)) throw new RangeError(`FactorScheduler: step is ${step}; give at least 1 update`);
    checkFactor('FactorScheduler', factor);
    this.step = step;
    this.factor = factor;
    this.stopLearningRate = stopLearningRate;
  }

  protected afterWarmup(numUpdate: number): number {
    while (numUpdate > this.count + this.step) {
      this.count += this.step;
      this.baseLearningRate = Math.max(this.baseLearningRate * this.factor, this.stopLearningRate);
    }
    return this.baseLearningRate;
  }

  override state(): SchedulerState {
    return { ...super.state(), count: this.count };
  }
}

/** Throws unless the factor lets the rate fall or stay. */
export function checkFactor(scheduler: string, factor: number): void {
  if (!(factor <= 1)) throw new RangeError(`${scheduler}: factor is ${factor}; a rate that falls needs at most 1`);
}
