import { Scheduler, type SchedulerOptions, type SchedulerState } from './scheduler.js';

/** Options of `PlateauScheduler`: patience and cooldown count reports. */
export interface PlateauSchedulerOptions extends Partial<SchedulerOptions> {
  /** Whether smaller or larger values are better. */
  mode?: 'smallest' | 'largest';
  factor?: number;
  /** Reports without improvement that are let pass. */
  patience?: number;
  /** What counts as an improvement, as a share of the best value. */
  threshold?: number;
  /** Reports after a change in which none is counted. */
  cooldown?: number;
  leastLearningRate?: number;
}

/** Multiplies the rate by `factor` when the reported values stop improving (PyTorch `ReduceLROnPlateau`). Call `report` with a loss or a metric, once an epoch. */
export class PlateauScheduler extends Scheduler {
  readonly #options: Required<Omit<PlateauSchedulerOptions, keyof SchedulerOptions>>;
  protected reports = 0;
  protected best = 0;
  protected badReports = 0;
  protected cooldownLeft = 0;

  constructor(options: PlateauSchedulerOptions = {}) {
    super(options);
    const { mode, factor, patience, threshold, cooldown, leastLearningRate } = {
      mode: 'smallest' as const, factor: 0.1, patience: 10, threshold: 1e-4, cooldown: 0, leastLearningRate: 0, ...options,
    };
    if (!(factor > 0 && factor < 1)) throw new RangeError(`PlateauScheduler: factor is ${factor}; a rate that falls needs one between 0 and 1`);
    if (mode !== 'smallest' && mode !== 'largest') throw new RangeError(`PlateauScheduler: mode "${String(mode)}" is unknown; choose one of smallest, largest`);
    this.#options = { mode, factor, patience, threshold, cooldown, leastLearningRate };
  }

  /** Hands over what the rate depends on. NaN counts as no improvement. */
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

  protected afterWarmup(): number {
    return this.baseLearningRate;
  }

  override state(): SchedulerState {
    const { reports, best, badReports, cooldownLeft } = this;
    return { ...super.state(), reports, best, badReports, cooldownLeft };
  }
}
