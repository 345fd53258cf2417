import { create, CustomMetric, np, type HostArray, type Metric, type MetricFunction } from '@lossworks/metrics';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray, type RecordedNumber } from './deviation.js';
import { refusedMetricCalls } from './metric-refusals.js';

type RecordedValue = readonly [string, RecordedNumber] | readonly [readonly string[], readonly RecordedNumber[]];

/** A case of `metrics.json`. */
export type MetricCase = { readonly name: string } & (
  | {
      readonly kind: 'metric';
      readonly op: string;
      readonly attrs: Readonly<Record<string, unknown>>;
      readonly updates: readonly { readonly labels: readonly RecordedArray[]; readonly preds: readonly RecordedArray[] }[];
      readonly initial: RecordedValue;
      readonly values: readonly RecordedValue[];
      readonly global: RecordedValue;
      readonly config?: Readonly<Record<string, unknown>> | null;
      readonly afterResetLocal: RecordedValue;
      readonly afterResetLocalThenFirstUpdate?: RecordedValue;
      readonly globalAfterThat?: RecordedValue;
      readonly afterReset: RecordedValue;
    }
  | { readonly kind: 'metric_dict'; readonly label: RecordedArray; readonly pred: RecordedArray; readonly value: RecordedValue }
  | { readonly kind: 'metric_error'; readonly error: string }
);

/** Replays one recorded metric: values after every update, global value, configuration, both resets. */
export function runMetricCase(recorded: MetricCase): CaseResult {
  return (runners[recorded.kind] as (recorded: MetricCase) => CaseResult)(recorded);
}

const runners: { readonly [Kind in MetricCase['kind']]: (recorded: MetricCase & { kind: Kind }) => CaseResult } = {
  metric: recorded => verdict(replay(recorded)),
  metric_dict: recorded => verdict(replayByName(recorded)),
  metric_error: ({ name }) => runRefusal(name),
};

/** What differs, if anything. */
type Finding = string | undefined;

function replay(recorded: MetricCase & { kind: 'metric' }): Finding[] {
  const metric = build(recorded.op, recorded.attrs);
  const update = (index: number) => {
    const { labels, preds } = recorded.updates[index]!;
    metric.update(labels.map(decode), preds.map(decode));
  };
  const findings = [compare('initial', metric.get(), recorded.initial)];
  recorded.updates.forEach((_, index) => {
    update(index);
    findings.push(compare(`values[${index}]`, metric.get(), recorded.values[index]!));
  });
  findings.push(compare('global', metric.getGlobal(), recorded.global));
  if (recorded.config !== undefined) findings.push(compareConfig(metric, recorded.config));
  metric.resetLocal();
  findings.push(compare('afterResetLocal', metric.get(), recorded.afterResetLocal));
  if (recorded.updates.length > 0) {
    update(0);
    findings.push(compare('afterResetLocalThenFirstUpdate', metric.get(), recorded.afterResetLocalThenFirstUpdate!));
    findings.push(compare('globalAfterThat', metric.getGlobal(), recorded.globalAfterThat!));
  }
  metric.reset();
  findings.push(compare('afterReset', metric.get(), recorded.afterReset), compare('global after reset', metric.getGlobal(), recorded.afterReset));
  return findings;
}

function replayByName(recorded: MetricCase & { kind: 'metric_dict' }): Finding[] {
  const metric = create('acc', { outputNames: ['softmax_output'], labelNames: ['softmax_label'] });
  metric.updateDict(
    { other_label: { data: [0, 0, 0], shape: [3] }, softmax_label: decode(recorded.label) },
    { softmax_output: decode(recorded.pred), center_output: { data: [0], shape: [1] } },
  );
  return [compare('value', metric.get(), recorded.value)];
}

function runRefusal(name: string): CaseResult {
  const call = refusedMetricCalls[name];
  if (call === undefined) return { status: 'skipped', reason: `the case holds a name and no inputs, and there is no call recorded under ${name}` };
  try {
    call();
  } catch (error) {
    if (error instanceof Error && error.message !== '') return { status: 'passed' };
    return { status: 'failed', detail: `threw ${String(error)}, which is no Error with a text` };
  }
  return { status: 'failed', detail: 'accepted what MXNet refuses' };
}

// The recorded functions, under the names they had.
const myfeval: MetricFunction = (label, pred) => misses(label, pred);
const myfeval2: MetricFunction = (label, pred) => [misses(label, pred), label.data.length];

/** The operators of cases that are no registered name. */
const builders: { readonly [op: string]: () => Metric } = {
  'np(sum |label - argmax|)': () => np(myfeval),
  'create(callable) returning (sum, n)': () => create(myfeval2),
  'CustomMetric(lambda)': () => new CustomMetric(() => 1),
  'CustomMetric(allow_extra_outputs)': () => new CustomMetric(myfeval, { name: 'zz', allowExtraOutputs: true }),
};

function build(op: string, attrs: Readonly<Record<string, unknown>>): Metric {
  if (Object.hasOwn(builders, op)) return builders[op]!();
  if (op.startsWith('[')) return create((JSON.parse(op) as string[]).map(buildListed));
  return create(op, Object.fromEntries(Object.entries(attrs).map(([key, value]) => [camelCase(key), value])));
}

/** `top_k_accuracy(2)` in a list stands for top_k = 2. */
function buildListed(item: string): Metric {
  const [, name, topK] = /^(\w+)\((\d+)\)$/.exec(item) ?? [];
  return name === undefined ? create(item) : create(name, { topK: Number(topK) });
}

/** Σ|label − argmax of the row| */
function misses(label: HostArray, pred: HostArray): number {
  const classes = pred.shape[1]!;
  return Array.from(label.data).reduce((sum, expected, sample) => {
    const scores = Array.from({ length: classes }, (_, k) => pred.data[sample * classes + k]!);
    return sum + Math.abs(expected - scores.indexOf(Math.max(...scores)));
  }, 0);
}

function compare(where: string, [names, values]: ReturnType<Metric['get']>, [wantedNames, wantedValues]: RecordedValue): Finding {
  const [given, wanted] = [[names].flat().join(), [wantedNames].flat().join()];
  return given === wanted ? deviation(where, [values].flat(), [wantedValues].flat()) : `${where}: names ${given} instead of ${wanted}`;
}

/** Everything recorded must be there; ours may say more (MXNet leaves `average` and `axis` of some metrics out). Null was recorded for a refusal. */
function compareConfig(metric: Metric, recorded: Readonly<Record<string, unknown>> | null): Finding {
  try {
    const config = metric.getConfig();
    return recorded === null ? 'config: given instead of refused' : differenceOf(config, camelCaseKeys(recorded), 'config');
  } catch (error) {
    return recorded === null ? undefined : `config: refused (${String(error)})`;
  }
}

function differenceOf(actual: unknown, recorded: unknown, at: string): Finding {
  const different = `${at} is ${JSON.stringify(actual)} instead of ${JSON.stringify(recorded)}`;
  if (typeof recorded !== 'object' || recorded === null) return actual === recorded ? undefined : different;
  if (typeof actual !== 'object' || actual === null) return different;
  if (Array.isArray(recorded) && recorded.length !== (actual as unknown[]).length) return different;
  return Object.entries(recorded)
    .map(([key, value]) => differenceOf((actual as Record<string, unknown>)[key], value, `${at}.${key}`))
    .find(difference => difference !== undefined);
}

function camelCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCaseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [camelCase(key), camelCaseKeys(child)]));
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function decode({ shape, data }: RecordedArray): HostArray {
  return { shape, data: data.map(Number) };
}
