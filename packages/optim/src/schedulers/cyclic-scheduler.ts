import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** What the height of a cycle is multiplied by; `cycle` counts from 1. */
const heights = {
  triangular: () => 1,
  triangular2: (cycle: number) => 0.5 ** (cycle - 1),
  exponential: (_cycle: number, elapsed: number, decay: number) => decay ** elapsed,
} as const;

/** How high each cycle reaches: 'triangular' always the peak, 'triangular2' half as high each time, 'exponential' lower by `decay` every update. */
export type CyclicMode = keyof typeof heights;

/** Options of `CyclicScheduler`: lengths count updates (Smith 2017). */
export interface CyclicSchedulerOptions extends Partial<SchedulerOptions> {
  /** The rate at the top of the first cycle. */
  peakLearningRate: number;
  /** Updates from the base rate to the peak, a whole number of at least 1. */
  stepsUp: number;
  /** Updates back, a whole number of at least 1, default `stepsUp`. */
  stepsDown?: number;
  /** Cycles of one height ('triangular'), each half as high as the one before, or lower by `decay` every update; default 'triangular'. */
  mode?: CyclicMode;
  /** What an update multiplies the height by in mode 'exponential', default 1. */
  decay?: number;
}

/** base + (peak − base)·height·(rise and fall in straight lines) (Smith 2017; PyTorch `CyclicLR`). */
export class CyclicScheduler extends CurveScheduler {
  /** The rate at the top of the first cycle. */
  readonly peakLearningRate: number;
  /** Updates from the base rate to the peak. */
  readonly stepsUp: number;
  /** Updates back. */
  readonly stepsDown: number;
  /** How high each cycle reaches. */
  readonly mode: CyclicMode;
  /** What an update multiplies the height by, in mode 'exponential' alone. */
  readonly decay: number;

  /** @throws RangeError for lengths that are no whole numbers of at least 1, or an unknown mode. */
  constructor(options: CyclicSchedulerOptions) {
    super(options);
    const { peakLearningRate, stepsUp, stepsDown, mode, decay } = { stepsDown: options.stepsUp, mode: 'triangular' as const, decay: 1, ...options };
    this.checkCount('stepsUp', stepsUp);
    this.checkCount('stepsDown', stepsDown);
    if (!Object.hasOwn(heights, mode)) throw new RangeError(`CyclicScheduler: mode "${mode}" is unknown; choose one of ${Object.keys(heights).join(', ')}`);
    this.peakLearningRate = peakLearningRate;
    this.stepsUp = stepsUp;
    this.stepsDown = stepsDown;
    this.mode = mode;
    this.decay = decay;
  }

  /** The rate `elapsed` updates after the first: base, then up, then down. */
  protected rateAfter(elapsed: number): number {
    const length = this.stepsUp + this.stepsDown;
    const position = elapsed % length;
    const height = position <= this.stepsUp ? position / this.stepsUp : (length - position) / this.stepsDown;
    const factor = heights[this.mode](Math.floor(elapsed / length) + 1, elapsed, this.decay);
    return this.baseLearningRate + (this.peakLearningRate - this.baseLearningRate) * height * factor;
  }
}
