import { CurveScheduler } from './curve-scheduler.js';
import type { SchedulerOptions } from './scheduler.js';

/** What the height of a cycle is multiplied by; `cycle` counts from 1. */
const heights = {
  triangular: () => 1,
  triangular2: (cycle: number) => 0.5 ** (cycle - 1),
  exponential: (_cycle: number, elapsed: number, decay: number) => decay ** elapsed,
} as const;

/** How high each cycle reaches. */
export type CyclicMode = keyof typeof heights;

/** Options of `CyclicScheduler`: lengths count updates (Smith 2015). */
export interface CyclicSchedulerOptions extends Partial<SchedulerOptions> {
  peakLearningRate: number;
  /** Updates from the base rate to the peak. */
  stepsUp: number;
  /** Updates back; as many as up unless told. */
  stepsDown?: number;
  /** Cycles of one height, each half as high as the one before, or lower by `decay` every update. */
  mode?: CyclicMode;
  decay?: number;
}

/** base + (peak − base)·height·(rise and fall in straight lines) (Smith 2017; PyTorch `CyclicLR`). */
export class CyclicScheduler extends CurveScheduler {
  readonly peakLearningRate: number;
  readonly stepsUp: number;
  readonly stepsDown: number;
  readonly mode: CyclicMode;
  readonly decay: number;

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

  protected rateAfter(elapsed: number): number {
    const length = this.stepsUp + this.stepsDown;
    const position = elapsed % length;
    const height = position <= this.stepsUp ? position / this.stepsUp : (length - position) / this.stepsDown;
    const factor = heights[this.mode](Math.floor(elapsed / length) + 1, elapsed, this.decay);
    return this.baseLearningRate + (this.peakLearningRate - this.baseLearningRate) * height * factor;
  }
}
