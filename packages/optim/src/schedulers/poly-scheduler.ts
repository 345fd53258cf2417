import { DecayScheduler, type DecaySchedulerOptions } from './decay-scheduler.js';

/** Options of `PolyScheduler` (MXNet `PolyScheduler`). */
export interface PolySchedulerOptions extends DecaySchedulerOptions {
  /** Exponent of the fall, default 2 (MXNet `pwr`). */
  power?: number;
}

/** final + (base − final)·(1 − progress)^power, progress from 0 after the warm-up to 1 at `maxUpdate` (MXNet `PolyScheduler`). */
export class PolyScheduler extends DecayScheduler {
  /** Exponent of the fall. */
  readonly power: number;

  /** @throws RangeError for a `maxUpdate` that is no whole number of at least 1. */
  constructor(options: PolySchedulerOptions) {
    super(options);
    this.power = options.power ?? 2;
  }

  /** (1 − progress)^power. */
  protected remaining(progress: number): number {
    return (1 - progress) ** this.power;
  }
}
