import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** From one rate to another, `share` of the way. */
const anneals = {
  cosine: (from: number, to: number, share: number) => to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2,
  linear: (from: number, to: number, share: number) => from + (to - from) * share,
} as const;

/** Options of `OneCycleScheduler` (Smith & Topin 2018). */
export interface OneCycleSchedulerOptions extends Partial<SchedulerOptions> {
  /** Updates of the whole cycle, a whole number of at least 1; the rate stays at its end. */
  totalSteps: number;
  /** Share of the updates in which the rate rises, from 0 to 1, default 0.3. */
  riseShare?: number;
  /** The peak, which is the base rate, is this many times the first rate; default 25. */
  initialDivisor?: number;
  /** The first rate is this many times the last; default 10000. */
  finalDivisor?: number;
  /** Whether the rate moves along half cosines or straight lines, default 'cosine'. */
  anneal?: keyof typeof anneals;
  /** Fall to the first rate as fast as it rose, then to the last; default false. */
  threePhase?: boolean;
}

/** Up to the peak and down far below the start (Smith & Topin 2018; PyTorch `OneCycleLR`). `baseLearningRate` is the peak. */
export class OneCycleScheduler extends CurveScheduler {
  readonly #options: Required<Omit<OneCycleSchedulerOptions, keyof SchedulerOptions>>;

  /** @throws RangeError for `totalSteps` that are no whole number of at least 1, a `riseShare` outside 0 to 1, or an unknown `anneal`. */
  constructor(options: OneCycleSchedulerOptions) {
    super(options);
    const { totalSteps, riseShare, initialDivisor, finalDivisor, anneal, threePhase } = {
      riseShare: 0.3, initialDivisor: 25, finalDivisor: 1e4, anneal: 'cosine' as const, threePhase: false, ...options,
    };
    this.checkCount('totalSteps', totalSteps);
    if (!(riseShare >= 0 && riseShare <= 1)) throw new RangeError(`OneCycleScheduler: riseShare is ${riseShare}; give a share between 0 and 1`);
    if (!Object.hasOwn(anneals, anneal)) throw new RangeError(`OneCycleScheduler: anneal "${anneal}" is unknown; choose one of ${Object.keys(anneals).join(', ')}`);
    this.#options = { totalSteps, riseShare, initialDivisor, finalDivisor, anneal, threePhase };
  }

  /** The rate `elapsed` updates after the first, in the phase it falls into. */
  protected rateAfter(elapsed: number): number {
    const { totalSteps, riseShare, initialDivisor, finalDivisor, anneal, threePhase } = this.#options;
    const peak = this.baseLearningRate;
    const initial = peak / initialDivisor;
    const final = initial / finalDivisor;
    const risen = riseShare * totalSteps - 1;
    const phases: readonly (readonly [end: number, from: number, to: number])[] = threePhase
      ? [[risen, initial, peak], [2 * risen, peak, initial], [totalSteps - 1, initial, final]]
      : [[risen, initial, peak], [totalSteps - 1, peak, final]];
    let begin = 0;
    for (const [end, from, to] of phases) {
      if (elapsed <= end && end > begin) return anneals[anneal](from, to, (elapsed - begin) / (end - begin));
      begin = end;
    }
    return final;
  }
}
