import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** Options of `CosineRestartsScheduler`: lengths count updates (Loshchilov and Hutter 2016). */
export interface CosineRestartsSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates of the first cycle. */
  period: number;
  /** How many times as long as the one before each cycle is. */
  periodFactor?: number;
  finalLearningRate?: number;
}

/** final + (base − final)·(1 + cos(π·i/T))/2, i updates into a cycle of T (SGDR, Loshchilov & Hutter 2017; PyTorch `CosineAnnealingWarmRestarts`). */
export class CosineRestartsScheduler extends CurveScheduler {
  readonly period: number;
  readonly periodFactor: number;
  readonly finalLearningRate: number;

  constructor(options: CosineRestartsSchedulerOptions) {
    super(options);
    const { period, periodFactor, finalLearningRate } = { periodFactor: 1, finalLearningRate: 0, ...options };
    this.checkCount('period', period);
    this.checkCount('periodFactor', periodFactor);
    this.period = period;
    this.periodFactor = periodFactor;
    this.finalLearningRate = finalLearningRate;
  }

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
