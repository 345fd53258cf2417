import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `CosineRestartsScheduler`: lengths count updates (Loshchilov & Hutter 2017). */
export interface CosineRestartsSchedulerOptions extends Partial<SchedulerOptions> {
  /** T of the first cycle in updates, a whole number of at least 1. */
  period: number;
  /** How many times as long as the one before each cycle is, a whole number of at least 1, default 1. */
  periodFactor?: number;
  /** The rate each cycle falls to, default 0. */
  finalLearningRate?: number;
}

/** final + (base − final)·(1 + cos(π·i/T))/2, i updates into a cycle of T (SGDR, Loshchilov & Hutter 2017; PyTorch `CosineAnnealingWarmRestarts`). */
export class CosineRestartsScheduler extends CurveScheduler {
  /** T of the first cycle, in updates. */
  readonly period: number;
  /** Length of a cycle over the length of the one before. */
  readonly periodFactor: number;
  /** The rate each cycle falls to. */
  readonly finalLearningRate: number;

  /** @throws RangeError for a `period` or `periodFactor` that is no whole number of at least 1. */
  constructor(options: CosineRestartsSchedulerOptions) {
    super(options);
    const { period, periodFactor, finalLearningRate } = { periodFactor: 1, finalLearningRate: 0, ...options };
    this.checkCount('period', period);
    this.checkCount('periodFactor', periodFactor);
    this.period = period;
    this.periodFactor = periodFactor;
    this.finalLearningRate = finalLearningRate;
  }

  /** The rate `elapsed` updates after the first, in the cycle it falls into. */
  protected rateAfter(elapsed: number): number {
    let [position, length] = [elapsed, this.period];
    if (this.periodFactor === 1) position %= length;
    while (position >= length) {
      position -= length;
      length *= this.periodFactor;
    }
    return this.finalLearningRate + ((this.baseLearningRate - this.finalLearningRate) * (1 + Math.cos((Math.PI * position) / length))) / 2;
  }
}
