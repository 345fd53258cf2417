import { DecayScheduler } from './decay-scheduler.js';

/** The rate falls as (1 + cos(π·progress)) / 2 (MXNet `CosineScheduler`). */
export class CosineScheduler extends DecayScheduler {
  protected remaining(progress: number): number {
    return (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
