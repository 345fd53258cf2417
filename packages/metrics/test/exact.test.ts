import { describe, expect, it } from 'vitest';
import { inParts, recordedMetrics } from '../../testing/src/metrics/recorded-metrics.js';
import { create, metricFromJson, type EvalMetric, type MetricName } from '../src/index.js';
import { metricSamples, sampleCount, seededRandom, type Batch } from './metric-samples.js';

const { inputs, cases } = recordedMetrics();
const rows = [
  ...Object.values(metricSamples).flat(),
  ...cases.map(({ metric, input, options }) => ({
    title: `${metric} of ${input} ${JSON.stringify(options)}`,
    metric: metric.toLowerCase() as MetricName,
    options,
    averages: 'data' as const,
    batches: (sizes: readonly number[]): readonly Batch[] => inParts(inputs[input]!, sizes),
  })),
];

const random = seededRandom(7);
const below = (limit: number): number => Math.floor(random() * limit);

function shuffled<Item>(items: readonly Item[]): Item[] {
  const keyed = items.map(item => [random(), item] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
}

function randomSizes(): number[] {
  const cuts = [...new Set(Array.from({ length: 1 + below(8) }, () => 1 + below(sampleCount - 1)))].sort((a, b) => a - b);
  return [...cuts, sampleCount].map((cut, i) => cut - (cuts[i - 1] ?? 0));
}

/** Everything a metric says, bit for bit: NaN and the sign of 0 told apart. */
function valuesOf(metric: EvalMetric): string[] {
  const [local, global] = [metric.get()[1], metric.getGlobal()[1]];
  return [local, global, ...metric.getNameValue().flat()].map(value => (Object.is(value, -0) ? '-0' : String(value)));
}

describe.each(rows.map(row => [row.title, row] as const))('%s', (_, { metric, options, averages, batches }) => {
  const seen = (parts: readonly Batch[]): EvalMetric => {
    const made = create(metric, options);
    for (const { labels, preds } of parts) made.update(labels, preds);
    return made;
  };
  const splits = Array.from({ length: 12 }, () => batches(randomSizes()));

  // By definition every update counts the same in a mean of updates, and a mean of a batch that the metric is handed is rounded already.
  if (averages === 'data') it('is the same bits for one concatenated batch and for any split of it, in any order', () => {
    const whole = valuesOf(seen(batches([sampleCount])));
    for (const parts of splits) for (const order of [parts, shuffled(parts)]) expect(valuesOf(seen(order))).toEqual(whole);
  });

  it('is the same bits for one worker and for any number of them, merged in any order and through JSON', () => {
    for (const parts of splits) {
      const alone = valuesOf(seen(parts));
      const workers = Array.from({ length: 1 + below(4) }, (): Batch[] => []);
      for (const part of shuffled(parts)) workers[below(workers.length)]!.push(part);
      const merged = shuffled(workers).map(seen).reduce((all, worker) => all.merge(metricFromJson(JSON.stringify(worker))));
      expect(valuesOf(merged)).toEqual(alone);
    }
  });
});
