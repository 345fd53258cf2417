import { describe, expect, it } from 'vitest';
import { inParts, recordedMetrics } from '../../testing/src/metrics/recorded-metrics.js';
import { create, type EvalMetric } from '../src/index.js';
import { sampleCount } from './metric-samples.js';

const { inputs, cases, details, source } = recordedMetrics();

function updated(metric: string, input: string, options: object = {}): EvalMetric {
  const made = create(metric, { ...options }) as EvalMetric;
  for (const { labels, preds } of inParts(inputs[input]!, [sampleCount])) made.update(labels, preds);
  return made;
}

describe(`metrics give the values recorded from ${source}`, () => {
  it.each(cases.map((each) => [`${each.metric} of ${each.input} ${JSON.stringify(each.options)}`, each] as const))('%s', (_, { metric, input, options, value, values }) => {
    const made = updated(metric, input, options);
    const wanted = values ?? [value!];
    const given = made.getNameValue().map(([, each]) => each);
    expect(given).toHaveLength(wanted.length);
    given.forEach((each, i) => expect(Math.abs(each - wanted[i]!)).toBeLessThanOrEqual(1e-6));
  });

  it('the points of a ROC curve', () => {
    const { falsePositiveRate, truePositiveRate } = updated('roc', 'binary').details() as Record<string, readonly (readonly number[])[]>;
    [falsePositiveRate![0]!, truePositiveRate![0]!].forEach((points, k) => {
      expect(points).toHaveLength(details.roc[k]!.length);
      points.forEach((point, i) => expect(point).toBeCloseTo(details.roc[k]![i]!, 10));
    });
  });

  it('a confusion matrix', () => {
    expect(updated('confusion_matrix', 'classification').details().matrix).toEqual(details.confusion);
  });
});
