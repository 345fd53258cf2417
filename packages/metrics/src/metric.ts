import type { HostArray } from './host-array.js';
import type { MetricState } from './metric-definition.js';

/** Arrays by name, in order: labels by label name, predictions by output name (MXNet `update_dict`). */
export type NamedArrays = Readonly<Record<string, HostArray>> | ReadonlyMap<string, HostArray>;

/** What builds the same metric again through `create`. */
export interface MetricConfig {
  /** The class name, or another name that `create` knows. */
  readonly metric: string;
  /** Name in `get`, logs and charts. */
  readonly name: string;
  /** Outputs that `updateDict` reads; null: all. */
  readonly outputNames: readonly string[] | null;
  /** Labels that `updateDict` reads; null: all. */
  readonly labelNames: readonly string[] | null;
  /** Of a composite: the configurations of its metrics. */
  readonly metrics?: readonly MetricConfig[];
  /** The metric's own parameters, such as `axis`. */
  readonly [parameter: string]: unknown;
}

/** A configuration with what was accumulated; non-finite numbers are the strings `NaN`, `Infinity`, `-Infinity`. */
export interface MetricJson extends MetricConfig {
  /** What a single metric has accumulated: since `resetLocal`, since `reset`, and in the last update. */
  readonly states?: { readonly local: unknown; readonly global: unknown; readonly last: unknown };
  /** Of a composite: its metrics with what they accumulated. */
  readonly metrics?: readonly MetricJson[];
}

/** Local, global and last states of a metric. */
export interface MetricStates {
  readonly local: MetricState;
  readonly global: MetricState;
  readonly last: MetricState;
}

/** One measurement, and the states it was merged into with their results. */
interface Measurement {
  readonly measured: MetricState;
  readonly merged: Map<MetricState, MetricState>;
}

/** Measurements of one update, by the declared kind of state and the names of the arrays. */
export type SharedMeasurements = Map<string, Measurement>;

/** What a training loop needs of a metric (MXNet `EvalMetric`). A composite gives lists where a single metric gives one name and one value. */
export interface Metric {
  /** Name in `get`, logs and charts. */
  readonly name: string;
  /** Outputs that `updateDict` reads, in order; null reads all of them. */
  outputNames: readonly string[] | null;
  /** Labels that `updateDict` reads, in order; null reads all of them. */
  labelNames: readonly string[] | null;
  /**
   * Accumulates one batch; labels and predictions are paired by position. Metrics that are handed the same `shared` with the same arrays measure only
   * what none of the same declared kind has measured: a composite hands it on.
   *
   * @throws TypeError for what is no host array; RangeError for lists, shapes or values that the metric cannot read.
   */
  update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[], shared?: SharedMeasurements): void;
  /**
   * Accumulates one batch, picking labels and predictions by `labelNames` and `outputNames`.
   *
   * @throws RangeError where one of these names is missing, and as `update` does.
   */
  updateDict(labels: NamedArrays, preds: NamedArrays, shared?: SharedMeasurements): void;
  /** Forgets everything. */
  reset(): void;
  /** Forgets the local value only, as a progress display does between two lines; the global one lives on to the end of the epoch. */
  resetLocal(): void;
  /** Name and local value: since `resetLocal` or `reset`; NaN before the first update. */
  get(): [name: string, value: number] | [names: string[], values: number[]];
  /** Name and value since `reset`. */
  getGlobal(): [name: string, value: number] | [names: string[], values: number[]];
  /** The local values with their names: one, one a metric of a composite, or one a class. */
  getNameValue(): [name: string, value: number][];
  /** The values since `reset` with their names. */
  getGlobalNameValue(): [name: string, value: number][];
  /** The last update alone, NaN before the first. */
  lastValue(): number | number[];
  /** The values of the last update with their names. */
  getLastNameValue(): [name: string, value: number][];
  /**
   * What `create` builds the same metric of, without values.
   *
   * @throws TypeError for a metric made of a function.
   */
  getConfig(): MetricConfig;
  /**
   * Adds what another metric of the same kind has seen, as if it had been seen here.
   *
   * @throws TypeError for a metric of another kind.
   */
  merge(other: Metric): this;
  /** Configuration and what was accumulated; `JSON.stringify` calls it. */
  toJSON(): MetricJson;
  /**
   * Takes over the states of `toJSON`.
   *
   * @throws TypeError for another kind of metric or a missing field; RangeError for a state that does not hold together.
   */
  fromJSON(json: MetricJson): this;
}
