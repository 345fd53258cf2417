import { DecayScheduler, type DecaySchedulerOptions } from './decay-scheduler.js';

/** Options of `PolyScheduler` (MXNet `PolyScheduler`). */
export interface PolySchedulerOptions extends DecaySchedulerOptions {
  power?: number;
}

/** The rate falls as (1 − progress)^power (MXNet `PolyScheduler`). */
export class PolyScheduler extends DecayScheduler {
  readonly power: number;

  constructor(options: PolySchedulerOptions) {
    super(options);
    this.power = options.power ?? 2;
  }

  protected remaining(progress: number): number {
    return (1 - progress) ** this.power;
  }
}
