import { describe, expect, it } from 'vitest';
import { Accuracy, BootstrapMetric, create, MAE, metricDefinitions, MetricTracker, RunningMean, RunningMetric, type EvalMetric } from '../src/index.js';
import { metricSamples, vector, type MetricSample } from './metric-samples.js';
import { recordedSamples } from './recorded-samples.js';

describe('a tracker', () => {
  const track = (errors: readonly number[]) => {
    const tracker = new MetricTracker(new MAE(), 'smaller');
    const best = errors.map(error => {
      tracker.update(vector([0]), vector([error]));
      return tracker.endEpoch();
    });
    return { tracker, best };
  };

  it('knows the best epoch, and begins each with a metric as new', () => {
    const { tracker, best } = track([3, 1, 2, 1, Number.NaN]);
    expect(best).toEqual([true, true, false, false, false]);
    expect([tracker.best, tracker.bestEpoch, tracker.minimum, tracker.maximum]).toEqual([1, 1, 1, 3]);
    expect(tracker.history).toEqual([3, 1, 2, 1, Number.NaN]);
  });

  it('has no best before the first epoch', () => {
    const { tracker } = track([]);
    expect([tracker.best, tracker.bestEpoch]).toEqual([Number.NaN, undefined]);
  });

  it('goes through JSON in the middle of an epoch', () => {
    const { tracker } = track([3, Number.NaN, 2]);
    tracker.update(vector([0]), vector([1]));
    const copy = new MetricTracker(new MAE(), 'smaller').fromJSON(JSON.parse(JSON.stringify(tracker)));
    for (const each of [tracker, copy]) each.endEpoch();
    expect(copy.history).toEqual(tracker.history);
    expect(copy.bestEpoch).toBe(3);
  });
});

describe('a bootstrapped metric', () => {
  const flags = Array.from({ length: 400 }, (_, i) => Number(Math.sin(i * 12.9898) > -0.3));
  const all = { labels: vector(flags), preds: vector(flags.map(() => 1)) };
  const share = flags.reduce((sum, flag) => sum + flag, 0) / flags.length;

  it('has the value of all samples, and an interval about as wide as theory says', () => {
    const metric = new BootstrapMetric('acc', { replicas: 200, seed: 3 });
    for (let start = 0; start < 400; start += 50) metric.update(vector(flags.slice(start, start + 50)), vector(new Array(50).fill(1)));
    const { value, low, high } = metric.interval();
    expect(value).toBe(share);
    // Normal approximation: 2 · 1.96 · √(p(1 − p)/n)
    const width = 2 * 1.96 * Math.sqrt((share * (1 - share)) / 400);
    expect((high - low) / width).toBeGreaterThan(0.75);
    expect((high - low) / width).toBeLessThan(1.25);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('is the same for one seed, another for another, and reads outputs by name', () => {
    const run = (seed: number) => {
      const metric = new BootstrapMetric('acc', { replicas: 20, seed });
      metric.updateDict({ l: all.labels }, { out: all.preds });
      return metric.interval();
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('names its bounds, and goes on from JSON as if nothing had stopped', () => {
    const make = () => new BootstrapMetric('acc', { replicas: 10, seed: 5 });
    const whole = make();
    whole.update(all.labels, all.preds);
    const copy = make().fromJSON(JSON.parse(JSON.stringify(whole)));
    for (const each of [whole, copy]) each.update(all.labels, all.preds);
    expect(copy.getNameValue()).toEqual(whole.getNameValue());
    expect(whole.getNameValue().map(([name]) => name)).toEqual(['accuracy', 'accuracy_low', 'accuracy_high']);
  });

  it('has no interval without data, and is not made of a metric that exists', () => {
    expect(new BootstrapMetric('acc').interval()).toEqual({ value: Number.NaN, low: Number.NaN, high: Number.NaN });
    expect(() => new BootstrapMetric(new Accuracy())).toThrow(/give its name/);
    expect(() => new BootstrapMetric('acc', { replicas: 1 })).toThrow(/replicas is 1/);
  });
});

it('a running mean forgets what is older than its window', () => {
  const metric = new RunningMean({ window: 2 });
  for (const values of [[10], [1, 2], [3]]) metric.update([], vector(values));
  expect(metric.get()[1]).toBe(2);
  expect(metric.lastValue()).toBe(3);
});

describe('what cannot be is refused', () => {
  const flag = vector([0, 1]);
  it.each<[string, () => unknown, RegExp]>([
    ['an unknown task', () => create('precision', { task: 'two' }), /Precision: task is "two"; it must be one of binary, multiclass, multilabel/],
    ['an unknown average', () => create('recall', { average: 'mean' }), /average is "mean"/],
    ['beta 0', () => create('fbeta', { beta: 0 }), /FBeta: beta is 0/],
    ['a third class in a binary task', () => create('precision', { task: 'binary' }).update(vector([0, 2]), flag), /class id 2 is outside 0 to 1/],
    ['class ids in a multilabel task', () => create('hamming', { task: 'multilabel' }).update(flag, flag), /needs both as \[samples, labels\]/],
    ['scores that are NaN', () => create('roc').update(flag, vector([0, Number.NaN])), /roc-auc: .*a score is NaN/],
    ['a label outside a ranking', () => create('ap').update(vector([0, 3]), flag), /label 3 of sample 1 is none of the 2 classes/],
    ['three scores in a binary ranking', () => create('roc').update(flag, { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] }), /a binary task has 2 classes, not 3/],
    ['batches of other widths', () => {
      const metric = create('roc', { task: 'multiclass' });
      metric.update(flag, { data: [1, 2, 3, 4], shape: [2, 2] });
      metric.update(flag, { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] });
    }, /3 values a sample after 2/],
    ['confidence above 1', () => create('ece').update(flag, vector([0.5, 2])), /prediction 2 is no probability/],
    ['no bins', () => create('ece', { bins: 0 }), /bins is 0/],
    ['an unknown norm', () => create('ece', { norm: 'l3' }), /norm is "l3"/],
    ['a label that is no flag', () => create('log_loss').update(vector([0, 2]), flag), /label 2 of sample 1 is none of the 2 classes/],
    ['unknown weights', () => create('kappa', { weights: 'cubic' }), /weights is "cubic"/],
    ['errors of other shapes', () => create('mape').update(vector([1]), flag), /mape: .*the shapes differ/],
    ['vectors in one row', () => create('cosine').update(flag, flag), /both must be \[samples, dimensions\]/],
    ['an unknown spread', () => create('embedding_spread', { measure: 'all' }), /measure is "all"/],
    ['k 0', () => create('recall_at_k', { k: 0 }), /k is 0/],
    ['boxes without images', () => create('box_map').update({ data: [0, 1, 2, 3, 4], shape: [1, 5] }, { data: [], shape: [0, 7] }), /boxes have rows of 6 numbers, detections of 7/],
    ['an unknown interpolation', () => create('box_map', { interpolation: 'none' }), /interpolation is "none"/],
    ['a threshold of 0', () => create('box_map', { threshold: 0 }), /threshold is 0/],
    ['an empty window', () => create('running_mean', { window: 0 }), /window is 0/],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });
});

describe('any metric over the last updates alone', () => {
  const ofEachClass = Object.keys(metricDefinitions).map(
    (className): MetricSample => metricSamples[className as keyof typeof metricDefinitions]?.[0] ?? recordedSamples.find(sample => sample.className === className)!,
  );
  const source = ({ metric, options }: MetricSample) => ({ ...options, metric });
  const given = (metric: RunningMetric | EvalMetric) => metric.getNameValue().map(([, value]) => value);

  it.each(ofEachClass.map(sample => [sample.title, sample] as const))('%s is what it is of these, through workers and JSON too', (_, sample) => {
    const batches = sample.batches([6, 7, 5, 6]);
    const running = (of: readonly number[]): RunningMetric => {
      const metric = new RunningMetric(source(sample), { window: 2 });
      for (const i of of) metric.update(batches[i]!.labels, batches[i]!.preds);
      return metric;
    };
    const alone = create(source(sample)) as EvalMetric;
    for (const { labels, preds } of batches.slice(2)) alone.update(labels, preds);
    const whole = running([0, 1, 2, 3]);
    whole.resetLocal();
    expect(given(whole)).toEqual(given(alone));
    expect(whole.lastValue()).toEqual([alone.lastValue()]);
    expect(given(running([0, 1]).merge(running([2, 3])))).toEqual(given(alone));
    expect(given(running([1, 2]).merge(running([3])))).toEqual(given(alone));
    expect(given(running([]).fromJSON(JSON.parse(JSON.stringify(running([0, 2, 3])))))).toEqual(given(alone));
    whole.reset();
    expect(given(whole)).toEqual([Number.NaN]);
  });

  it('picks by name, and refuses what it cannot hold', () => {
    const metric = new RunningMetric({ metric: 'mae', outputNames: ['out'] } as never);
    metric.updateDict({ label: vector([1]) }, { other: vector([9]), out: vector([3]) });
    expect(metric.getGlobalNameValue()).toEqual([['mae', 2]]);
    expect(() => new RunningMetric('acc', { window: 0 })).toThrow(/RunningMetric: window is 0; give a whole number of at least 1/);
    expect(() => new RunningMetric(new Accuracy())).toThrow(/RunningMetric: a metric cannot be made again and again/);
    expect(() => metric.merge(new MAE())).toThrow(/running_mae: cannot merge with mae/);
    expect(() => metric.merge(new RunningMetric('acc'))).toThrow(/cannot merge with/);
  });
});
