import { checkHostArray, type HostArray } from './host-array.js';
import type { Metric, MetricConfig, MetricJson, MetricStates, NamedArrays, SharedMeasurements } from './metric.js';
import type { MetricDefinition, MetricDetails, MetricState } from './metric-definition.js';
import { decodeState, encodeState } from './metric-json.js';
import { formatNameValues } from './name-values.js';
import { checkChoice } from './option-checks.js';

/** Options every metric has. */
export interface MetricNaming {
  /** Name in `get`, logs and charts; each metric has its own default. */
  readonly name?: string;
  /** Outputs that `updateDict` reads, in order; null, the default, reads all (MXNet `output_names`). */
  readonly outputNames?: readonly string[] | null;
  /** Labels that `updateDict` reads, in order; null, the default, reads all (MXNet `label_names`). */
  readonly labelNames?: readonly string[] | null;
}

/** Options of a metric: its own, and its name, outputs and labels. */
export type MetricOptions<Parameters extends object = object> = Partial<Parameters> & MetricNaming;

/** Everything there is to know about one kind of metric: the entry of a new one in the table. */
export interface MetricSpecification<Parameters extends object = object> {
  /** MXNet's class name. */
  readonly className: string;
  /** Default name in `get`, logs and charts; the class name's words, `cross-entropy`, unless told. */
  readonly displayName?: string;
  /** Parameters with their defaults; none unless told. */
  readonly parameters?: Parameters;
  /** What a parameter that names something may be: one of a list, or a key of a table; a RangeError lists them. */
  readonly choices?: { readonly [Parameter in keyof Parameters]?: readonly string[] | object };
  /** Ends the name, also a given one, with what sets this instance apart. */
  nameSuffix?(parameters: Parameters): string;
  /** Checks the parameters, where a RangeError says what they must be, and binds the definition to them. */
  define(parameters: Parameters): MetricDefinition;
}

/** A metric with its accumulated values: the stateful shell around a definition (MXNet `EvalMetric`). */
export class EvalMetric implements Metric {
  /** Name in `get`, logs and charts. */
  readonly name: string;
  /** Outputs that `updateDict` reads, in order; null reads all of them. */
  outputNames: readonly string[] | null;
  /** Labels that `updateDict` reads, in order; null reads all of them. */
  labelNames: readonly string[] | null;
  readonly #className: string;
  readonly #parameters: Readonly<Record<string, unknown>>;
  readonly #definition: MetricDefinition;
  #states: MetricStates;

  /** @throws TypeError for an option that the specification does not have; RangeError for one outside its range. */
  constructor(specification: MetricSpecification, options: MetricOptions = {}) {
    const { name, outputNames, labelNames, ...given } = options;
    const parameters = withDefaults(specification, given);
    for (const [option, choices] of Object.entries(specification.choices ?? {})) checkChoice(specification.className, option, String(parameters[option]), choices!);
    const suffix = specification.nameSuffix?.(parameters) ?? '';
    const base = name ?? specification.displayName ?? specification.className.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
    this.name = base.endsWith(suffix) ? base : base + suffix;
    this.outputNames = outputNames ?? null;
    this.labelNames = labelNames ?? null;
    this.#className = specification.className;
    this.#parameters = parameters;
    this.#definition = specification.define(parameters);
    this.#states = eachState(this.#definition.initial);
  }

  /**
   * Accumulates one batch; labels and predictions are paired by position, and must have the shapes the metric says.
   *
   * @throws TypeError for what is no host array; RangeError for lists, shapes or values that the metric cannot read: nothing is counted then.
   */
  update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[], shared: SharedMeasurements = new Map()): void {
    const { kind } = this.#definition;
    const key = kind === undefined ? undefined : JSON.stringify([kind, this.labelNames, this.outputNames]);
    const { local, global } = this.#states;
    let measurement = key === undefined ? undefined : shared.get(key);
    if (!measurement) {
      const measured = this.#definition.measure({
        metric: this.name,
        labels: asList(labels).map((array, index) => checkHostArray(array, `${this.name}: label ${index}`)),
        preds: asList(preds).map((array, index) => checkHostArray(array, `${this.name}: prediction ${index}`)),
      });
      measurement = { measured, merged: new Map() };
      if (key !== undefined) shared.set(key, measurement);
    }
    const { measured, merged } = measurement;
    // States are values: metrics that hold the very same one go on holding one.
    const mergeInto = (state: MetricState): MetricState => {
      const known = merged.get(state) ?? this.#definition.merge(state, measured);
      merged.set(state, known);
      return known;
    };
    this.#states = { local: mergeInto(local), global: mergeInto(global), last: measured };
  }

  /**
   * Accumulates one batch, picking labels and predictions by `labelNames` and `outputNames`.
   *
   * @throws RangeError where one of these names is missing, and as `update` does.
   */
  updateDict(labels: NamedArrays, preds: NamedArrays, shared?: SharedMeasurements): void {
    this.update(pick(labels, this.labelNames, `${this.name}: label`, 'labelNames'), pick(preds, this.outputNames, `${this.name}: output`, 'outputNames'), shared);
  }

  /** Forgets everything. */
  reset(): void {
    this.#states = eachState(this.#definition.initial);
  }

  /** Forgets the local value only. */
  resetLocal(): void {
    const { local, ...kept } = this.#states;
    this.#states = { ...kept, local: this.#definition.resetLocal?.(local) ?? this.#definition.initial() };
  }

  /** Name and local value: since `resetLocal` or `reset`; NaN before the first update. */
  get(): [name: string, value: number] {
    return [this.name, this.#definition.compute(this.#states.local)];
  }

  /** Name and value since `reset`; NaN before the first update. */
  getGlobal(): [name: string, value: number] {
    const { global } = this.#states;
    return [this.name, this.#definition.computeGlobal ? this.#definition.computeGlobal(global) : this.#definition.compute(global)];
  }

  /** The local value in a list, or one value a component: `precision_0`, `precision_1` …. */
  getNameValue(): [name: string, value: number][] {
    return this.#named(this.#states.local) ?? [this.get()];
  }

  /** The value since `reset` in a list, or one value a component. */
  getGlobalNameValue(): [name: string, value: number][] {
    return this.#named(this.#states.global) ?? [this.getGlobal()];
  }

  /** What the global value comes from: a confusion matrix, the points of a curve, the values of the classes; empty for most metrics. */
  details(): MetricDetails {
    return this.#definition.details?.(this.#states.global) ?? {};
  }

  /**
   * What the global value comes from as an SVG image: a confusion matrix, a curve. `title` is the name unless told.
   *
   * @throws TypeError for a metric that has no picture.
   */
  toSvg(title = this.name): string {
    const { draw } = this.#definition;
    if (!draw) throw new TypeError(`${this.name}: this metric is a number and has no picture; draw a confusion matrix or a curve`);
    return draw(this.#states.global, title);
  }

  /** The value of the last update alone; NaN before the first. */
  lastValue(): number {
    return this.#definition.compute(this.#states.last);
  }

  /** The value of the last update in a list, or one value a component. */
  getLastNameValue(): [name: string, value: number][] {
    return this.#named(this.#states.last) ?? [[this.name, this.lastValue()]];
  }

  /** What `create` builds the same metric of: its parameters, name, outputs and labels. */
  getConfig(): MetricConfig {
    return this.#describe();
  }

  /**
   * Adds what a metric of the same class and parameters has seen, as if it had been seen here; the last value stays.
   *
   * @throws TypeError for a metric of another kind.
   */
  merge(other: Metric): this {
    if (!(other instanceof EvalMetric)) {
      throw new TypeError(`${this.name}: cannot merge with ${other.name}, which is no single metric; merge metrics of one kind`);
    }
    this.#checkSameKind(other.#describe(), 'merge with');
    const { local, global, last } = this.#states;
    this.#states = { local: this.#definition.merge(local, other.#states.local), global: this.#definition.merge(global, other.#states.global), last };
    return this;
  }

  /** Configuration and what was accumulated; JSON can hold it. */
  toJSON(): MetricJson {
    return { ...this.#describe(), states: eachState(which => encodeState(this.#states[which])) };
  }

  /**
   * Takes over the states of `toJSON`.
   *
   * @throws TypeError where the class or a parameter differs or a field is missing; RangeError where a state does not hold together.
   */
  fromJSON(json: MetricJson): this {
    this.#checkSameKind(json, 'take over');
    this.#states = eachState(which => this.#decode(json, which));
    return this;
  }

  /** `EvalMetric: {'accuracy': 0.5}`, as in MXNet. */
  toString(): string {
    return formatNameValues(this.getNameValue());
  }

  /** One value a component, where there are components. */
  #named(state: MetricState): [name: string, value: number][] | undefined {
    return this.#definition.components?.(state).map(([suffix, value]) => [`${this.name}_${suffix}`, value]);
  }

  #describe(): MetricConfig {
    return { ...this.#parameters, metric: this.#className, name: this.name, outputNames: this.outputNames, labelNames: this.labelNames };
  }

  #decode(json: MetricJson, which: keyof MetricStates): MetricState {
    const what = `${this.name}: ${which} state`;
    const state = decodeState(json.states?.[which], this.#definition, what);
    if (this.#definition.isConsistent && !this.#definition.isConsistent(state)) throw new RangeError(`${what} does not hold together; pass what toJSON gave`);
    return state;
  }

  #checkSameKind(other: MetricConfig, what: string): void {
    const kind = (config: MetricConfig) => JSON.stringify([config.metric, ...Object.keys(this.#parameters).map(key => config[key])]);
    const mine = kind(this.#describe());
    const theirs = kind(other);
    if (mine !== theirs) throw new TypeError(`${this.name}: ${mine} cannot ${what} ${theirs}; the class and its parameters must be the same`);
  }
}

/** The same of each of the three. */
function eachState<Item>(make: (which: keyof MetricStates) => Item): { local: Item; global: Item; last: Item } {
  return { local: make('local'), global: make('global'), last: make('last') };
}

function withDefaults({ className, parameters = {} }: MetricSpecification, given: object): Readonly<Record<string, unknown>> {
  const known = Object.keys(parameters);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new TypeError(`${className}: unknown option ${key}; it takes ${[...known, 'name', 'outputNames', 'labelNames'].join(', ')}`);
    }
  }
  return { ...parameters, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function asList(arrays: HostArray | readonly HostArray[]): readonly HostArray[] {
  return Array.isArray(arrays) ? arrays : [arrays as HostArray];
}

function pick(arrays: NamedArrays, names: readonly string[] | null, what: string, option: string): readonly HostArray[] {
  const byName = arrays instanceof Map ? (arrays as ReadonlyMap<string, HostArray>) : new Map(Object.entries(arrays));
  if (names === null) return [...byName.values()];
  return names.map(name => {
    const array = byName.get(name);
    if (array === undefined) throw new RangeError(`${what} ${name} is missing, there is ${[...byName.keys()].join(', ') || 'none'}; correct ${option}`);
    return array;
  });
}
