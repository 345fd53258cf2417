import { DecayScheduler } from './decay-scheduler.js';

/** final + (base − final)·(1 + cos(π·progress))/2, progress from 0 after the warm-up to 1 at `maxUpdate` (MXNet `CosineScheduler`). */
export class CosineScheduler extends DecayScheduler {
  /** (1 + cos(π·progress))/2. */
  protected remaining(progress: number): number {
    return (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
