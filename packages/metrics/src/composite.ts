import { create, type MetricSource } from './create.js';
import type { MetricNaming } from './eval-metric.js';
import type { HostArray } from './host-array.js';
import type { Metric, MetricConfig, MetricJson, NamedArrays, SharedMeasurements } from './metric.js';
import { formatNameValues } from './name-values.js';

/** Several metrics updated together (MXNet `CompositeEvalMetric`); they may be composites themselves. */
export class CompositeEvalMetric implements Metric {
  readonly name: string;
  outputNames: readonly string[] | null;
  labelNames: readonly string[] | null;
  readonly metrics: Metric[];

  constructor(metrics: readonly MetricSource[] = [], { name = 'composite', outputNames = null, labelNames = null }: MetricNaming = {}) {
    this.name = name;
    this.outputNames = outputNames;
    this.labelNames = labelNames;
    this.metrics = metrics.map(metric => create(metric));
  }

  add(metric: MetricSource): this {
    this.metrics.push(create(metric));
    return this;
  }

  /** Negative indices count from the end. */
  getMetric(index: number): Metric {
    const metric = this.metrics.at(index);
    if (metric === undefined) throw new RangeError(`${this.name}: metric ${index} is out of range; it holds ${this.metrics.length}, counted from 0`);
    return metric;
  }

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

  reset(): void {
    for (const metric of this.metrics) metric.reset();
  }

  resetLocal(): void {
    for (const metric of this.metrics) metric.resetLocal();
  }

  get(): [names: string[], values: number[]] {
    return unzip(this.getNameValue());
  }

  getGlobal(): [names: string[], values: number[]] {
    return unzip(this.getGlobalNameValue());
  }

  getNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getNameValue());
  }

  getGlobalNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getGlobalNameValue());
  }

  lastValue(): number[] {
    return this.getLastNameValue().map(([, value]) => value);
  }

  getLastNameValue(): [name: string, value: number][] {
    return this.metrics.flatMap(metric => metric.getLastNameValue());
  }

  getConfig(): MetricConfig {
    return { ...this.#describe(), metrics: this.metrics.map(metric => metric.getConfig()) };
  }

  merge(other: Metric): this {
    const others = other instanceof CompositeEvalMetric ? other.metrics : [other];
    this.#checkSameLength(others.length, other.name);
    this.metrics.forEach((metric, index) => metric.merge(others[index]!));
    return this;
  }

  toJSON(): MetricJson {
    return { ...this.#describe(), metrics: this.metrics.map(metric => metric.toJSON()) };
  }

  fromJSON(json: MetricJson): this {
    const children = json.metrics ?? [];
    this.#checkSameLength(children.length, String(json.name));
    this.metrics.forEach((metric, index) => metric.fromJSON(children[index]!));
    return this;
  }

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
