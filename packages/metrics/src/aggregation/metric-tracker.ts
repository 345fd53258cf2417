import type { HostArray } from '../host-array.js';
import type { Metric, MetricJson, NamedArrays } from '../metric.js';

/** A tracker's history with the metric's values; JSON can hold it. */
export interface TrackerJson {
  /** What the metric's `toJSON` gave. */
  readonly metric: MetricJson;
  /** NaN and infinities as the strings `NaN`, `Infinity`, `-Infinity`. */
  readonly history: readonly (number | string)[];
}

/** Notes a metric's value epoch by epoch: the best one, where it was, and the extremes (torchmetrics `MetricTracker`). */
export class MetricTracker {
  #history: number[] = [];

  /** `better`: whether larger or smaller values are. Of a composite the first value is noted. */
  constructor(
    /** The metric that is tracked; `endEpoch` resets it. */
    readonly metric: Metric,
    /** Whether larger or smaller values are better. */
    readonly better: 'larger' | 'smaller' = 'larger',
  ) {}

  /**
   * Updates the metric with one batch.
   *
   * @throws as the metric's `update` does.
   */
  update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[]): void {
    this.metric.update(labels, preds);
  }

  /**
   * Updates the metric with one batch by name.
   *
   * @throws as the metric's `updateDict` does.
   */
  updateDict(labels: NamedArrays, preds: NamedArrays): void {
    this.metric.updateDict(labels, preds);
  }

  /** Ends an epoch: notes the global value, resets the metric, and says whether it is the best so far. */
  endEpoch(): boolean {
    this.#history.push(this.metric.getGlobalNameValue()[0]?.[1] ?? Number.NaN);
    this.metric.reset();
    return this.bestEpoch === this.#history.length - 1;
  }

  /** The values of the epochs so far, a copy. */
  get history(): readonly number[] {
    return [...this.#history];
  }

  /** The first epoch with the best value, from 0; undefined before there is one that is a number. */
  get bestEpoch(): number | undefined {
    const best = this.best;
    return Number.isNaN(best) ? undefined : this.#history.indexOf(best);
  }

  /** The best value so far; NaN before there is one that is a number. */
  get best(): number {
    return this.better === 'larger' ? this.maximum : this.minimum;
  }

  /** The smallest value so far, NaN left out; NaN before there is one. */
  get minimum(): number {
    return this.#extreme(Math.min);
  }

  /** The largest value so far, NaN left out; NaN before there is one. */
  get maximum(): number {
    return this.#extreme(Math.max);
  }

  /** History and the metric's values. */
  toJSON(): TrackerJson {
    return { metric: this.metric.toJSON(), history: this.#history.map(value => (Number.isFinite(value) ? value : String(value))) };
  }

  /**
   * Takes over what `toJSON` gave, into a tracker of a metric of the same kind.
   *
   * @throws TypeError where there is no history or the metric is of another kind.
   */
  fromJSON({ metric, history }: TrackerJson): this {
    if (!Array.isArray(history)) throw new TypeError(`${this.metric.name}: the tracker's history is no list; pass what toJSON gave`);
    this.metric.fromJSON(metric);
    this.#history = history.map(Number);
    return this;
  }

  #extreme(choose: (...values: number[]) => number): number {
    const numbers = this.#history.filter(value => !Number.isNaN(value));
    return numbers.length === 0 ? Number.NaN : choose(...numbers);
  }
}
