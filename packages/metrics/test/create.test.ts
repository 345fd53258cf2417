import { describe, expect, it } from 'vitest';
import { Accuracy, CompositeEvalMetric, create, CustomMetric, EvalMetric, metricClass, metricDefinitions, metricNames, tallyPairs, type MetricName } from '../src/index.js';
import { matrix, vector } from './metric-samples.js';

const topK = { topK: 2 };

describe('create', () => {
  it.each(metricNames())('knows %s in any case', name => {
    const options = name.startsWith('top') ? topK : {};
    expect(create(name.toUpperCase(), options)).toBeInstanceOf(EvalMetric);
  });

  it('every name belongs to one metric', () => {
    expect(new Set(metricNames()).size).toBe(metricNames().length);
  });

  it.each(Object.entries(metricDefinitions))('the row %s carries the class name of its metric', (key, definition) => {
    expect(definition.className).toBe(key);
    expect(new definition(key === 'TopKAccuracy' ? topK : {}).getConfig().metric).toBe(key);
    expect(definition.names).toContain(key.toLowerCase());
  });

  it('its names are a closed type', () => {
    const name: MetricName = 'nll_loss';
    // @ts-expect-error not a metric
    const wrong: MetricName = 'cross-entropy';
    expect([metricNames().includes(name), metricNames().includes(wrong)]).toEqual([true, false]);
  });

  it.each([
    ['["acc", {"axis": 2}]', { metric: 'Accuracy', axis: 2 }],
    ['["acc"]', { metric: 'Accuracy', axis: 1 }],
    ['{"metric": "ce", "eps": 0.5}', { metric: 'CrossEntropy', eps: 0.5 }],
    ['["top_k_accuracy", {"top_k": 3}]', { metric: 'TopKAccuracy', topK: 3, name: 'top_k_accuracy_3' }],
    ['["perplexity", {"ignore_label": 0, "output_names": ["out"]}]', { metric: 'Perplexity', ignoreLabel: 0, outputNames: ['out'] }],
    ['{"metric": "composite", "metrics": ["acc", {"metric": "mae"}]}', { metric: 'CompositeEvalMetric', name: 'composite' }],
  ])('reads %s', (text, expected) => {
    expect(create(text).getConfig()).toMatchObject(expected);
  });

  it('makes a composite of a list, nested ones included', () => {
    const metric = create(['acc', ['mae', new Accuracy({ name: 'second' })]]);
    expect(metric).toBeInstanceOf(CompositeEvalMetric);
    expect(metric.get()[0]).toEqual(['accuracy', 'mae', 'second']);
  });

  it('gives a metric back as it is', () => {
    const metric = new Accuracy();
    expect(create(metric)).toBe(metric);
  });

  it('makes a metric of a function', () => {
    function hits(): number {
      return 2;
    }
    expect(create(hits)).toBeInstanceOf(CustomMetric);
    expect(create('custommetric', { feval: hits }).name).toBe('hits');
  });

  it('finds metrics of a table of one\'s own', () => {
    const Bias = metricClass({
      className: 'Bias',
      names: ['bias'],
      displayName: 'bias',
      parameters: { scale: 1 },
      define: ({ scale }) => tallyPairs(({ label, pred }) => ({ sum: scale * (pred.data[0]! - label.data[0]!), count: 1 })),
    });
    const metric = create('bias', { scale: 10 }, { ...metricDefinitions, Bias });
    metric.update(vector([1]), vector([3]));
    expect(metric.get()).toEqual(['bias', 20]);
    expect(metric.getConfig()).toMatchObject({ metric: 'Bias', scale: 10 });
    expect(() => create('bias')).toThrow(/no metric "bias"/);
  });

  it('a metric may be extended', () => {
    class Counting extends Accuracy {
      updates = 0;
      override update(...batch: Parameters<EvalMetric['update']>): void {
        this.updates++;
        super.update(...batch);
      }
    }
    const metric = create(new Counting());
    metric.updateDict({ label: vector([0]) }, { out: matrix([[1, 0]]) });
    expect([metric.updates, metric.get()[1]]).toEqual([1, 1]);
  });

  it.each([
    ['an unknown name', () => create('nope'), RangeError, /no metric "nope".*acc, accuracy.*composite/],
    ['the display name of cross entropy', () => create('cross-entropy'), RangeError, /ce, crossentropy/],
    ['an unknown option', () => create('acc', { axsi: 1 }), TypeError, /Accuracy: unknown option axsi; it takes axis, name/],
    ['options beside a metric', () => create(new Accuracy() as never, { axis: 2 }), TypeError, /axis cannot be given/],
    ['options beside JSON', () => create('["acc"]', { axis: 2 }), TypeError, /axis cannot be given/],
    ['broken JSON', () => create('["acc"'), TypeError, /is not JSON/],
    ['JSON without a name', () => create('[1, {}]'), TypeError, /names no metric/],
    ['a number', () => create(3 as never), TypeError, /cannot make a metric of number/],
    ['null', () => create(null as never), TypeError, /cannot make a metric of null/],
    ['a custom metric without its function', () => create('custommetric'), TypeError, /feval is undefined/],
    ['a composite of no list', () => create('composite', { metrics: 'acc' }), TypeError, /metrics is string/],
    ['top-k without k', () => create('top_k_acc'), RangeError, /topK is 1; give a whole number above 1, or use Accuracy/],
    ['an unknown average', () => create('f1', { average: 'weighted' }), RangeError, /F1: average is "weighted"; it must be one of macro, micro/],
    ['an unknown average of pearsonr', () => create('pearsonr', { average: 'all' }), RangeError, /macro, micro, pooled/],
  ])('refuses %s', (_, call, kind, text) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(text);
  });
});
