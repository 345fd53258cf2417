import { CompositeEvalMetric } from '../composite.js';
import type { MetricSource } from '../create.js';
import type { HostArray } from '../host-array.js';
import type { Metric, MetricJson, NamedArrays, SharedMeasurements } from '../metric.js';
import { checkWhole } from '../option-checks.js';
import { remaking } from './remaking.js';

/** Options of `RunningMetric`. */
export interface RunningOptions {
  /** Updates that count, a whole number of at least 1, default 5. */
  readonly window?: number;
}

/**
 * Any metric over the last `window` updates alone, as if these were all there had been (torchmetrics `Running`). It keeps one state an update. `resetLocal` leaves the
 * window, `reset` empties it; merged, the other's updates are the newer ones.
 */
export class RunningMetric extends CompositeEvalMetric {
  readonly #window: number;
  readonly #make: () => Metric;

  /**
   * `metric` is a name, a configuration or a function: what can be made again and again.
   *
   * @throws RangeError for a `window` below 1 or an unknown name; TypeError for a metric that is made already.
   */
  constructor(metric: MetricSource, { window = 5 }: RunningOptions = {}) {
    checkWhole('RunningMetric', 'window', window);
    const make = remaking('RunningMetric', metric);
    super([], { name: `running_${make().name}` });
    this.#window = window;
    this.#make = make;
  }

  /**
   * Accumulates one batch, and forgets the one that leaves the window.
   *
   * @throws RangeError or TypeError where the metric cannot read the arrays: the window stays then.
   */
  override update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[], shared?: SharedMeasurements): void {
    this.#see(metric => metric.update(labels, preds, shared));
  }

  /** The same, picking labels and predictions by the metric's own names. */
  override updateDict(labels: NamedArrays, preds: NamedArrays, shared?: SharedMeasurements): void {
    this.#see(metric => metric.updateDict(labels, preds, shared));
  }

  /** Empties the window. */
  override reset(): void {
    this.metrics.length = 0;
  }

  /** Does nothing: the window is what counts. */
  override resetLocal(): void {}

  /** The value over the window. */
  override getNameValue(): [name: string, value: number][] {
    return this.#joined().getNameValue();
  }

  /** The value over the window: there is no longer memory. */
  override getGlobalNameValue(): [name: string, value: number][] {
    return this.#joined().getGlobalNameValue();
  }

  /** The value of the last update alone. */
  override getLastNameValue(): [name: string, value: number][] {
    return (this.metrics.at(-1) ?? this.#make()).getNameValue();
  }

  /**
   * Adds the other's window as the newer updates.
   *
   * @throws TypeError for what is no `RunningMetric` of the same metric.
   */
  override merge(other: Metric): this {
    if (!(other instanceof RunningMetric)) throw new TypeError(`${this.name}: cannot merge with ${other.name}; merge running metrics of one kind`);
    // Merging them first refuses what is of another kind.
    this.#joined().merge(other.#joined());
    this.#keep(other.metrics.map(metric => this.#make().fromJSON(metric.toJSON())));
    return this;
  }

  /**
   * Takes over the window that `toJSON` gave; a longer one is cut to the newest updates.
   *
   * @throws TypeError for another kind of metric.
   */
  override fromJSON({ metrics = [] }: MetricJson): this {
    const restored = metrics.map(json => this.#make().fromJSON(json));
    this.reset();
    this.#keep(restored);
    return this;
  }

  /** A metric of its own sees one update. */
  #see(update: (metric: Metric) => void): void {
    const metric = this.#make();
    update(metric);
    this.#keep([metric]);
  }

  #keep(newer: readonly Metric[]): void {
    this.metrics.push(...newer);
    this.metrics.splice(0, Math.max(0, this.metrics.length - this.#window));
  }

  #joined(): Metric {
    return this.metrics.reduce((all, metric) => all.merge(metric), this.#make());
  }
}
