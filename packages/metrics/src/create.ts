import { CompositeEvalMetric } from './composite.js';
import { CustomMetric, type MetricFunction } from './custom.js';
import type { EvalMetric } from './eval-metric.js';
import type { Metric } from './metric.js';
import { findMetric, metricDefinitions, metricNames, type MetricDefinitions, type MetricName } from './registry.js';

/** Whatever `create` makes a metric of: a name, a function, a metric, a configuration, JSON of one, or a list of these. */
export type MetricSource = string | MetricFunction | Metric | { readonly metric: string } | readonly MetricSource[];

/** Options of the metric being created, by name: its own, `name`, `outputNames` and `labelNames`. */
export type CreateOptions = Readonly<Record<string, unknown>>;

/**
 * Makes a metric by name, in any case (MXNet `mx.metric.create`).
 *
 * @throws RangeError for an unknown name, or an option outside its range; TypeError for an option the metric does not have. The messages list what
 * there is.
 */
export function create(metric: MetricName, options?: CreateOptions): EvalMetric;
/** Makes a metric of a function of a label and a prediction (MXNet `CustomMetric`). */
export function create(metric: MetricFunction, options?: CreateOptions): CustomMetric;
/**
 * Makes a composite of a list, its metrics in the list's order. Each of them is given the options; metrics of your own are found by name through
 * `definitions`.
 *
 * @throws RangeError for an unknown name in it; TypeError for an option that one of them does not have, or what no metric can be made of.
 */
export function create(metric: readonly MetricSource[], options?: CreateOptions, definitions?: MetricDefinitions): CompositeEvalMetric;
/**
 * Returns a metric as it is.
 *
 * @throws TypeError where options are given beside it.
 */
export function create<Kind extends Metric>(metric: Kind): Kind;
/**
 * Makes a metric of whatever there is. JSON is `["acc", {"axis": 1}]` or `{"metric": "acc", "axis": 1}`, with MXNet's spelling of parameters
 * (`top_k`) or ours (`topK`). Metrics of your own are found by name through `definitions`.
 *
 * @throws RangeError for an unknown name, or an option outside its range; TypeError for other options, for JSON that names no metric, options beside
 * JSON or a metric, or what no metric can be made of.
 */
export function create(metric: MetricSource, options?: CreateOptions, definitions?: MetricDefinitions): Metric;
export function create(metric: MetricSource, options: CreateOptions = {}, definitions: MetricDefinitions = metricDefinitions): Metric {
  if (typeof metric === 'function') return new CustomMetric(metric, options);
  if (isList(metric)) return new CompositeEvalMetric(metric.map(child => create(child, options, definitions)));
  if (typeof metric === 'string') {
    return /^\s*[[{]/.test(metric) ? fromText(metric, options, definitions) : byName(metric, options, definitions);
  }
  if (typeof metric !== 'object' || metric === null) throw unusable(metric);
  if (isMetric(metric)) {
    refuseOptions(options, `the metric ${metric.name}`);
    return metric;
  }
  if (typeof metric.metric !== 'string') throw unusable(metric);
  const { metric: name, ...parameters } = metric;
  return byName(name, camelCased({ ...parameters, ...options }), definitions);
}

/** Metrics that are no rows of the table, because they take other metrics or a function. */
const assembled: { readonly [name: string]: (options: CreateOptions, definitions: MetricDefinitions) => Metric } = {
  composite: makeComposite,
  compositeevalmetric: makeComposite,
  custommetric: ({ feval, ...options }) => new CustomMetric(feval as MetricFunction, options),
};

function makeComposite({ metrics = [], ...naming }: CreateOptions, definitions: MetricDefinitions): CompositeEvalMetric {
  if (!Array.isArray(metrics)) throw new TypeError(`composite: metrics is ${typeof metrics}; give a list`);
  return new CompositeEvalMetric(metrics.map((child: MetricSource) => create(child, {}, definitions)), naming);
}

function byName(name: string, options: CreateOptions, definitions: MetricDefinitions): Metric {
  const found = findMetric(name, definitions);
  if (found) return new found(options);
  const key = name.toLowerCase();
  if (Object.hasOwn(assembled, key)) return assembled[key]!(options, definitions);
  throw new RangeError(`create: there is no metric ${JSON.stringify(name)}; known are ${[...metricNames(definitions), ...Object.keys(assembled)].join(', ')}`);
}

function fromText(text: string, options: CreateOptions, definitions: MetricDefinitions): Metric {
  refuseOptions(options, 'JSON');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`create: ${JSON.stringify(text.slice(0, 60))} is not JSON; write ["acc", {"axis": 1}] or {"metric": "acc", "axis": 1}`, { cause });
  }
  const [name, parameters = {}] = Array.isArray(parsed) ? parsed : [parsed];
  if (typeof name === 'object' && name !== null && typeof name.metric === 'string') return create(name, {}, definitions);
  if (typeof name !== 'string' || typeof parameters !== 'object' || parameters === null) {
    throw new TypeError(`create: ${JSON.stringify(text.slice(0, 60))} names no metric; write ["acc", {"axis": 1}] or {"metric": "acc", "axis": 1}`);
  }
  return byName(name, camelCased(parameters), definitions);
}

function unusable(metric: unknown): TypeError {
  const kind = metric === null ? 'null' : typeof metric;
  return new TypeError(`create: cannot make a metric of ${kind}; give a name, a function, a metric, a configuration or a list of these`);
}

function refuseOptions(options: CreateOptions, what: string): void {
  const given = Object.keys(options);
  if (given.length > 0) {
    throw new TypeError(`create: ${what} brings its own parameters, so ${given.join(', ')} cannot be given beside it; leave the options out`);
  }
}

function camelCased(options: object): CreateOptions {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]));
}

function isList(metric: MetricSource): metric is readonly MetricSource[] {
  return Array.isArray(metric);
}

function isMetric(metric: object): metric is Metric {
  return 'update' in metric && typeof metric.update === 'function' && 'getNameValue' in metric && typeof metric.getNameValue === 'function';
}
