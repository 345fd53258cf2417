import { describe, expect, it } from 'vitest';
import { create, exactSum, metricDefinitions, metricFromJson, nearest, type EvalMetric, type MetricJson } from '../src/index.js';
import { recordedSamples } from './recorded-samples.js';
import { metricSamples, sampleCount, type Batch, type MetricSample } from './metric-samples.js';

const samples = [...Object.values(metricSamples).flat(), ...recordedSamples];
const fresh = ({ metric, options }: MetricSample): EvalMetric => create(metric, options);
const updated = (metric: EvalMetric, batches: readonly Batch[]): EvalMetric => {
  for (const { labels, preds } of batches) metric.update(labels, preds);
  return metric;
};
const valueOf = (metric: EvalMetric): number => metric.get()[1];
const unequal = [9, 8, 7];

it('every metric of the table has a sample', () => {
  const sampled = new Set([...Object.keys(metricSamples), ...recordedSamples.map(({ className }) => className)]);
  expect([...sampled].sort()).toEqual(Object.keys(metricDefinitions).sort());
  for (const [name, rows] of Object.entries(metricSamples)) expect(rows, name).not.toHaveLength(0);
});

describe.each(samples.map(sample => [sample.title, sample] as const))('%s', (_, sample) => {
  const batches = sample.batches(unequal);

  it('is NaN before the first update', () => {
    const metric = fresh(sample);
    expect([valueOf(metric), metric.getGlobal()[1], metric.lastValue()]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('gives the value of its formula', () => {
    expect(valueOf(updated(fresh(sample), sample.batches([sampleCount])))).toBeCloseTo(sample.expected, sample.digits ?? 10);
  });

  if (sample.averages === 'updates') {
    it('is the mean of the values of the updates', () => {
      const each = batches.map(batch => valueOf(updated(fresh(sample), [batch])));
      expect(valueOf(updated(fresh(sample), batches))).toBe(nearest(exactSum(each)) / each.length);
      expect(new Set(each).size).toBe(each.length);
    });
  }

  it('merging with a worker that saw nothing changes nothing', () => {
    const metric = updated(fresh(sample), batches);
    const before = metric.toJSON();
    expect(metric.merge(fresh(sample)).toJSON()).toEqual(before);
    expect(fresh(sample).merge(metric).get()).toEqual(metric.get());
  });

  it('the global value lives through resetLocal, the local one restarts', () => {
    const metric = updated(fresh(sample), batches.slice(0, 1));
    metric.resetLocal();
    expect(valueOf(metric)).toBeNaN();
    updated(metric, batches.slice(1));
    const everything = updated(fresh(sample), batches);
    expect(metric.getGlobal()[1]).toBe(sample.expectedGlobal ?? valueOf(everything));
    if (sample.expectedGlobal === undefined) expect(valueOf(metric)).toBe(valueOf(updated(fresh(sample), batches.slice(1))));
  });

  it('reset leaves a metric as new', () => {
    const metric = updated(fresh(sample), batches);
    metric.reset();
    expect(metric.toJSON()).toEqual(fresh(sample).toJSON());
  });

  it('the last value is that of the last update alone, from the same call', () => {
    const metric = fresh(sample);
    for (const batch of batches) {
      updated(metric, [batch]);
      expect(metric.lastValue()).toBe(valueOf(updated(fresh(sample), [batch])));
    }
    expect(metric.getLastNameValue()).toEqual([[metric.name, metric.lastValue()]]);
  });

  it('goes through JSON and goes on counting', () => {
    const metric = updated(fresh(sample), batches.slice(0, 2));
    metric.resetLocal();
    updated(metric, batches.slice(1, 2));
    const copy = metricFromJson(JSON.stringify(metric)) as EvalMetric;
    expect(copy.toJSON()).toEqual(metric.toJSON());
    for (const each of [metric, copy]) updated(each, batches.slice(2));
    expect(copy.toJSON()).toEqual(metric.toJSON());
    expect(copy.get()).toEqual(metric.get());
  });

  it('JSON whose states are damaged is refused', () => {
    const json = JSON.parse(JSON.stringify(updated(fresh(sample), batches))) as { states: { local: Record<string, unknown> } };
    const [field] = Object.keys(json.states.local);
    const damaged = (value: unknown): MetricJson => ({ ...json, states: { ...json.states, local: { ...json.states.local, [field!]: value } } }) as unknown as MetricJson;
    for (const value of [undefined, null, 'many', {}]) expect(() => fresh(sample).fromJSON(damaged(value))).toThrow(TypeError);
  });

  it('its configuration creates it again', () => {
    const metric = create(sample.metric, { ...sample.options, outputNames: ['out'], labelNames: ['label'] });
    expect(create(metric.getConfig()).getConfig()).toEqual(metric.getConfig());
    expect(create(JSON.stringify(metric.getConfig())).getConfig()).toEqual(metric.getConfig());
  });

  it('a refused update changes nothing', () => {
    const metric = updated(fresh(sample), batches);
    const before = metric.toJSON();
    expect(() => metric.update([{ data: [1, 2], shape: [3] }], [{ data: [1, 2], shape: [3] }])).toThrow(RangeError);
    expect(metric.toJSON()).toEqual(before);
  });
});
