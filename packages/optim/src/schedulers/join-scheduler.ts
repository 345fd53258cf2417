import { Scheduler, type SchedulerState } from './scheduler.js';

/** Options of `JoinScheduler`: schedules one after another, and the updates at which the next begins. */
export interface JoinSchedulerOptions {
  /** The schedules in their order, at least one. */
  readonly schedulers: readonly Scheduler[];
  /** The last update of each schedule but the last one: whole numbers, rising. */
  readonly boundaries: readonly number[];
}

/**
 * One schedule after another (PyTorch `SequentialLR`, Optax `join_schedules`); each counts its updates from 1. Each keeps its own base rate: a learning rate
 * given to the optimizer beside it changes nothing.
 */
export class JoinScheduler extends Scheduler {
  /** The schedules in their order. */
  readonly schedulers: readonly Scheduler[];
  /** The last update of each schedule but the last one. */
  readonly boundaries: readonly number[];

  /**
   * @throws RangeError without schedules, for another number of boundaries than one less, or boundaries that are not rising whole numbers of at least
   * 1.
   */
  constructor({ schedulers, boundaries }: JoinSchedulerOptions) {
    super({});
    if (schedulers.length === 0 || boundaries.length !== schedulers.length - 1) {
      throw new RangeError(`JoinScheduler: ${schedulers.length} schedulers need ${Math.max(0, schedulers.length - 1)} boundaries, not ${boundaries.length}`);
    }
    boundaries.forEach((boundary, i) => {
      if (!Number.isInteger(boundary) || boundary <= (boundaries[i - 1] ?? 0)) {
        throw new RangeError(`JoinScheduler: boundaries [${boundaries.join(', ')}] must be whole numbers of at least 1, each above the one before`);
      }
    });
    this.schedulers = [...schedulers];
    this.boundaries = [...boundaries];
  }

  /** The rate of the schedule this update falls into, counted from the schedule's own first. */
  protected afterWarmup(numUpdate: number): number {
    const passed = this.boundaries.filter((boundary) => numUpdate > boundary);
    return this.schedulers[passed.length]!.at(numUpdate - (passed.at(-1) ?? 0));
  }

  /** The states of the joined schedules, each field behind its place: `0.baseLearningRate`. */
  override state(): SchedulerState {
    return Object.fromEntries(this.schedulers.flatMap((scheduler, i) => Object.entries(scheduler.state()).map(([name, value]) => [`${i}.${name}`, value])));
  }

  /**
   * Restores each joined schedule from its fields.
   *
   * @throws TypeError where a number of one is missing.
   */
  override restore(state: SchedulerState): void {
    this.schedulers.forEach((scheduler, i) => {
      const own = Object.entries(state).filter(([name]) => name.startsWith(`${i}.`));
      scheduler.restore(Object.fromEntries(own.map(([name, value]) => [name.slice(`${i}.`.length), value])));
    });
  }
}
