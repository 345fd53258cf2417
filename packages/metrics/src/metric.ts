import type { HostArray } from './host-array.js';
import type { MetricState } from './metric-definition.js';

/** Arrays by name, in order: labels by label name, predictions by output name. */
export type NamedArrays = Readonly<Record<string, HostArray>> | ReadonlyMap<string, HostArray>;

/** What builds the same metric again through `create`. */
export interface MetricConfig {
  readonly metric: string;
  readonly name: string;
  readonly outputNames: readonly string[] | null;
  readonly labelNames: readonly string[] | null;
  readonly metrics?: readonly MetricConfig[];
  readonly [parameter: string]: unknown;
}

/** A configuration with what was accumulated; non-finite numbers are the strings `NaN`, `Infinity`, `-Infinity`. */
export interface MetricJson extends MetricConfig {
  readonly states?: { readonly local: unknown; readonly global: unknown; readonly last: unknown };
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

/** What a training loop needs of a metric. A composite gives lists where a single metric gives one name and one value. */
export interface Metric {
  readonly name: string;
  /** Outputs that `updateDict` reads, in order; null reads all of them. */
  outputNames: readonly string[] | null;
  /** Labels that `updateDict` reads, in order; null reads all of them. */
  labelNames: readonly string[] | null;
  /**
   * Accumulates one batch; labels and predictions are paired by position. Metrics that are handed the same `shared` with the same arrays measure only what
   * none of the same declared kind has measured: a composite hands it on.
   */
  update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[], shared?: SharedMeasurements): void;
  /** Accumulates one batch, picking labels and predictions by `labelNames` and `outputNames`. */
  updateDict(labels: NamedArrays, preds: NamedArrays, shared?: SharedMeasurements): void;
  /** Forgets everything. */
  reset(): void;
  /** Forgets the local value only, as a progress display does between two lines; the global one lives on to the end of the epoch. */
  resetLocal(): void;
  get(): [name: string, value: number] | [names: string[], values: number[]];
  getGlobal(): [name: string, value: number] | [names: string[], values: number[]];
  getNameValue(): [name: string, value: number][];
  getGlobalNameValue(): [name: string, value: number][];
  /** The last update alone, NaN before the first. */
  lastValue(): number | number[];
  getLastNameValue(): [name: string, value: number][];
  getConfig(): MetricConfig;
  /** Adds what another metric of the same kind has seen, as if it had been seen here. */
  merge(other: Metric): this;
  toJSON(): MetricJson;
  /** Takes over the states of `toJSON`. */
  fromJSON(json: MetricJson): this;
}
