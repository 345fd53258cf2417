import { create, type MetricSource } from './create.js';
import type { MetricNaming } from './eval-metric.js';
import type { HostArray } from './host-array.js';
import type { Metric, MetricConfig, MetricJson, NamedArrays, SharedMeasurements } from './metric.js';
import { formatNameValues } from './name-values.js';

/** Several metrics updated together (MXNet `CompositeEvalMetric`); they may be composites themselves. Values are lists in the metrics' order. */
export class CompositeEvalMetric implements Metric {
  /** Name in errors and configurations: 'composite' unless told. */
  readonly name: string;
  /** Outputs that `updateDict` hands on to the metrics; null hands on all of them. */
  outputNames: readonly string[] | null;
  /** Labels that `updateDict` hands on to the metrics; null hands on all of them. */
  labelNames: readonly string[] | null;
  /** The metrics, in the order of their values. */
  readonly metrics: Metric[];

  /**
   * Whatever `create` takes becomes a metric of it.
   *
   * @throws RangeError for an unknown name; TypeError for what no metric can be made of.
   */
  constructor(metrics: readonly MetricSource[] = [], { name = 'composite', outputNames = null, labelNames = null }: MetricNaming = {}) {
    this.name = name;
    this.outputNames = outputNames;
    this.labelNames = labelNames;
    this.metrics = metrics.map(metric => create(metric));
  }

  /**
   * Adds a metric behind the others.
   *
   * @throws RangeError for an unknown name; TypeError for what no metric can be made of.
   */
  add(metric: MetricSource): this {
    this.metrics.push(create(metric));
    return this;
  }

  /**
   * The metric at this place, from 0; negative indices count from the end (MXNet `get_metric`).
   *
   * @throws RangeError for an index outside.
   */
  getMetric(index: number): Metric {
    const metric = this.metrics.at(index);
    if (metric === undefined) throw new RangeError(`${this.name}: metric ${index} is out of range; it holds ${this.metrics.length}, counted from 0`);
    return metric;
  }

  /**
   * Every metric sees this batch; those of one declared kind measure once.
   *
   * @throws RangeError or TypeError where a metric cannot read the arrays; those before it have seen them then.
   */
  update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[], shared: SharedMeasurements = new Map()): void {
    for (const metric of this.metrics) metric.update(labels, preds, shared);
  }

  /** Drops what this composite's names leave out, if it has any, then each metric picks by its own. */
  updateDict(labels: NamedArrays, preds: NamedArrays, shared: SharedMeasurements = new Map()): void {
    const [keptLabels, keptPreds] = [keep(labels, this.labelNames), keep(preds, this.outputNames)];
    // With names of its own it hands on other arrays than those outside were measured of.
    const within: SharedMeasurements = this.labelNames === null && this.outputNames === null ? shared : new Map();
    for (const metric of this.metrics) metric.updateDict(keptLabels, keptPreds, within);
  }

  /** Every metric forgets everything. */
  reset(): void {
    for (const metric of this.metrics) metric.reset();
  }

  /** Every metric forgets its local value. */
  resetLocal(): void {
    for (const metric of this.metrics) metric.resetLocal();
  }

  /** Names and local values, one a metric, or one a component where a metric has several. */
  get(): [names: string[], values: number[]] {
    return unzip(this.getNameValue());
  }

  /** Names and values since `reset`. */
  getGlobal(): [names: string[], values: number[]] {
    return unzip(this.getGlobalNameValue());
  }

  /** Names and local values in pairs. */
  getNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getNameValue());
  }

  /** Names and values since `reset` in pairs. */
  getGlobalNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getGlobalNameValue());
  }

  /** The values of the last update alone; NaN before the first. */
  lastValue(): number[] {
    return this.getLastNameValue().map(([, value]) => value);
  }

  /** Names and values of the last update in pairs. */
  getLastNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getLastNameValue());
  }

  /**
   * What `create` builds the same composite of, the configurations of its metrics in `metrics`.
   *
   * @throws TypeError where a metric is made of a function.
   */
  getConfig(): MetricConfig {
    return { ...this.#describe(), metrics: this.metrics.map(metric => metric.getConfig()) };
  }

  /**
   * Merges metric by metric, with a composite of the same ones in the same order.
   *
   * @throws TypeError where number or kinds of the metrics differ.
   */
  merge(other: Metric): this {
    const others = other instanceof CompositeEvalMetric ? other.metrics : [other];
    this.#checkSameLength(others.length, other.name);
    this.metrics.forEach((metric, index) => metric.merge(others[index]!));
    return this;
  }

  /** Configuration and what was accumulated, metric by metric. */
  toJSON(): MetricJson {
    return { ...this.#describe(), metrics: this.metrics.map(metric => metric.toJSON()) };
  }

  /**
   * Takes over the states of `toJSON`.
   *
   * @throws TypeError where number or kinds of the metrics differ; RangeError where a state does not hold together.
   */
  fromJSON(json: MetricJson): this {
    const children = json.metrics ?? [];
    this.#checkSameLength(children.length, String(json.name));
    this.metrics.forEach((metric, index) => metric.fromJSON(children[index]!));
    return this;
  }

  /** `EvalMetric: {'accuracy': 0.5, 'mae': 0.25}`, as in MXNet. */
  toString(): string {
    return formatNameValues(this.getNameValue());
  }

  #describe(): MetricConfig {
    return { metric: 'CompositeEvalMetric', name: this.name, outputNames: this.outputNames, labelNames: this.labelNames };
  }

  #checkSameLength(length: number, name: string): void {
    if (length !== this.metrics.length) {
      throw new TypeError(`${this.name}: holds ${this.metrics.length} metrics, ${name} holds ${length}; both must hold the same ones in the same order`);
    }
  }
}

function keep(arrays: NamedArrays, names: readonly string[] | null): NamedArrays {
  if (names === null) return arrays;
  const entries = arrays instanceof Map ? [...(arrays as ReadonlyMap<string, HostArray>)] : Object.entries(arrays);
  return new Map(entries.filter(([name]) => names.includes(name)));
}

function unzip(pairs: readonly [name: string, value: number][]): [names: string[], values: number[]] {
  return [pairs.map(([name]) => name), pairs.map(([, value]) => value)];
}
