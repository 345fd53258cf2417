import { Scheduler, type SchedulerOptions, type SchedulerState } from './scheduler.js';

/** Options of `PlateauScheduler`: patience and cooldown count reports. */
export interface PlateauSchedulerOptions extends Partial<SchedulerOptions> {
  /** Whether smaller or larger values are better, default 'smallest'. */
  mode?: 'smallest' | 'largest';
  /** What a change multiplies the rate by, between 0 and 1, default 0.1. */
  factor?: number;
  /** Reports without improvement that are let pass, default 10. */
  patience?: number;
  /** What counts as an improvement, as a share of the best value, default 1e-4. */
  threshold?: number;
  /** Reports after a change in which none is counted, default 0. */
  cooldown?: number;
  /** The rate never falls below this, default 0. */
  leastLearningRate?: number;
}

/** Multiplies the rate by `factor` when the reported values stop improving (PyTorch `ReduceLROnPlateau`). Call `report` with a loss or a metric, once an epoch. */
export class PlateauScheduler extends Scheduler {
  readonly #options: Required<Omit<PlateauSchedulerOptions, keyof SchedulerOptions>>;
  /** Improvements so far; 0 means that there is no best value yet. */
  protected reports = 0;
  /** The best value reported, in the metric's unit. */
  protected best = 0;
  /** Reports since the last improvement or change. */
  protected badReports = 0;
  /** Reports that are still not counted. */
  protected cooldownLeft = 0;

  /** @throws RangeError for a `factor` that is not between 0 and 1, or an unknown `mode`. */
  constructor(options: PlateauSchedulerOptions = {}) {
    super(options);
    const { mode, factor, patience, threshold, cooldown, leastLearningRate } = {
      mode: 'smallest' as const, factor: 0.1, patience: 10, threshold: 1e-4, cooldown: 0, leastLearningRate: 0, ...options,
    };
    if (!(factor > 0 && factor < 1)) throw new RangeError(`PlateauScheduler: factor is ${factor}; a rate that falls needs one between 0 and 1`);
    if (mode !== 'smallest' && mode !== 'largest') throw new RangeError(`PlateauScheduler: mode "${String(mode)}" is unknown; choose one of smallest, largest`);
    this.#options = { mode, factor, patience, threshold, cooldown, leastLearningRate };
  }

  /** Hands over what the rate depends on, in any unit: the changes it causes hold from the next update. NaN counts as no improvement. */
  report(value: number): void {
    const { factor, patience, cooldown, leastLearningRate } = this.#options;
    if (this.#isBetter(value)) {
      this.best = value;
      this.badReports = 0;
      this.reports++;
    } else this.badReports++;
    if (this.cooldownLeft > 0) {
      this.cooldownLeft--;
      this.badReports = 0;
    }
    if (this.badReports > patience) {
      this.baseLearningRate = Math.max(this.baseLearningRate * factor, leastLearningRate);
      this.cooldownLeft = cooldown;
      this.badReports = 0;
    }
  }

  #isBetter(value: number): boolean {
    if (this.reports === 0) return !Number.isNaN(value);
    const { mode, threshold } = this.#options;
    return mode === 'smallest' ? value < this.best * (1 - threshold) : value > this.best * (1 + threshold);
  }

  /** The rate that the reports have brought it to. */
  protected afterWarmup(): number {
    return this.baseLearningRate;
  }

  /** Base rate and what the reports left. */
  override state(): SchedulerState {
    const { reports, best, badReports, cooldownLeft } = this;
    return { ...super.state(), reports, best, badReports, cooldownLeft };
  }
}
