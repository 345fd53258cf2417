/** How the learning rate starts: rising evenly to the base, or resting at `warmupBeginLearningRate` (MXNet `warmup_mode`). */
export type WarmupMode = 'linear' | 'constant';

/** What every scheduler may be given. Updates are counted from 1; warm-up lasts while `numUpdate < warmupSteps`. */
export interface SchedulerOptions {
  /** The rate the schedule begins with, at least 0, default 0.01 (MXNet `base_lr`). */
  baseLearningRate: number;
  /** Updates before which the schedule does not begin, a whole number of at least 0, default 0 (MXNet `warmup_steps`). */
  warmupSteps: number;
  /** The rate warm-up begins with, at most `baseLearningRate`, default 0 (MXNet `warmup_begin_lr`). */
  warmupBeginLearningRate: number;
  /** 'linear' rises evenly to the base rate, 'constant' rests at `warmupBeginLearningRate`; default 'linear' (MXNet `warmup_mode`). */
  warmupMode: WarmupMode;
}

export const schedulerDefaults: SchedulerOptions = {
  baseLearningRate: 0.01,
  warmupSteps: 0,
  warmupBeginLearningRate: 0,
  warmupMode: 'linear',
};

/** What a scheduler remembers, by name: plain numbers that JSON can hold. */
export type SchedulerState = Record<string, number>;

const warmups: { readonly [M in WarmupMode]: (begin: number, final: number, progress: number) => number } = {
  linear: (begin, final, progress) => begin + (final - begin) * progress,
  constant: (begin) => begin,
};

/**
 * A learning rate as a function of the number of updates. Schedulers remember: a rate that has fallen does not rise again when an earlier
 * update is asked for (MXNet `LRScheduler`).
 */
export abstract class Scheduler {
  /** The rate the schedule works on. An optimizer that is given a learning rate of its own writes it here. */
  baseLearningRate: number;
  /** Updates of the warm-up: it lasts while `numUpdate < warmupSteps`. */
  readonly warmupSteps: number;
  /** The rate of update 0. */
  readonly warmupBeginLearningRate: number;
  /** How the rate gets from the beginning of the warm-up to its end. */
  readonly warmupMode: WarmupMode;
  /** What warm-up rises to: the rate given to the constructor, whatever is written to `baseLearningRate` later. */
  readonly warmupFinalLearningRate: number;

  /**
   * Defaults: `baseLearningRate` 0.01, no warm-up.
   *
   * @throws RangeError for a negative or NaN base rate, warm-up steps that are no whole number of at least 0, a warm-up that begins above the base
   * rate, or an unknown mode.
   */
  constructor(options: Partial<SchedulerOptions>) {
    const { baseLearningRate, warmupSteps, warmupBeginLearningRate, warmupMode } = { ...schedulerDefaults, ...options };
    if (!(baseLearningRate >= 0)) throw new RangeError(`${this.constructor.name}: baseLearningRate is ${baseLearningRate}; give a number of at least 0`);
    if (!Number.isInteger(warmupSteps) || warmupSteps < 0) {
      throw new RangeError(`${this.constructor.name}: warmupSteps is ${warmupSteps}; give a whole number of at least 0`);
    }
    if (warmupBeginLearningRate > baseLearningRate) {
      throw new RangeError(
        `${this.constructor.name}: warmupBeginLearningRate ${warmupBeginLearningRate} is above baseLearningRate ${baseLearningRate}; warm-up must rise`,
      );
    }
    if (!Object.hasOwn(warmups, warmupMode)) {
      throw new RangeError(`${this.constructor.name}: warmupMode "${warmupMode}" is unknown; choose one of ${Object.keys(warmups).join(', ')}`);
    }
    this.baseLearningRate = baseLearningRate;
    this.warmupSteps = warmupSteps;
    this.warmupBeginLearningRate = warmupBeginLearningRate;
    this.warmupMode = warmupMode;
    this.warmupFinalLearningRate = baseLearningRate;
  }

  /** The learning rate of update number `numUpdate`, counted from 1 (MXNet `scheduler(num_update)`). */
  at(numUpdate: number): number {
    if (numUpdate < this.warmupSteps) {
      return warmups[this.warmupMode](this.warmupBeginLearningRate, this.warmupFinalLearningRate, numUpdate / this.warmupSteps);
    }
    return this.afterWarmup(numUpdate);
  }

  /** The rate of an update of at least `warmupSteps`; may write `baseLearningRate`. */
  protected abstract afterWarmup(numUpdate: number): number;

  /** What the scheduler remembers, for a checkpoint. */
  state(): SchedulerState {
    return { baseLearningRate: this.baseLearningRate };
  }

  /**
   * Goes on from what `state` gave.
   *
   * @throws TypeError where a number is missing: the state belongs to another kind of scheduler.
   */
  restore(state: SchedulerState): void {
    for (const name of Object.keys(this.state())) {
      const value = state[name];
      if (typeof value !== 'number') {
        throw new TypeError(`${this.constructor.name}: the saved state has no number "${name}"; it belongs to another kind of scheduler`);
      }
      (this as unknown as SchedulerState)[name] = value;
    }
  }
}
