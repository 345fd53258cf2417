import { CurveScheduler } from './curve-scheduler.js';

/** The base rate, after the warm-up there may be. */
export class ConstantScheduler extends CurveScheduler {
  /** The base rate, always. */
  protected rateAfter(): number {
    return this.baseLearningRate;
  }
}
