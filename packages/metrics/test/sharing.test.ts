import { describe, expect, it } from 'vitest';
import { CompositeEvalMetric, create, metricClass, tally, type EvalMetric, type MetricNaming } from '../src/index.js';
import { matrix, vector } from './metric-samples.js';

/** A metric that counts how often it measures. */
function counting(kind: string | undefined, log: string[], name: string, naming: MetricNaming = {}): EvalMetric {
  const Counting = metricClass({
    className: name,
    names: [],
    displayName: name,
    parameters: {},
    define: () => ({
      ...tally,
      ...(kind !== undefined && { kind }),
      measure: ({ preds }) => {
        log.push(name);
        return { sum: [preds[0]!.data[0]!], count: 1 };
      },
    }),
  });
  return new Counting(naming);
}

const label = vector([0]);
const one = vector([1]);

describe('a composite measures', () => {
  it('once for all metrics whose declared kind is the same, nested ones included', () => {
    const log: string[] = [];
    const metric = new CompositeEvalMetric([counting('k', log, 'a'), new CompositeEvalMetric([counting('k', log, 'b')]), counting('k', log, 'c')]);
    metric.update(label, one);
    metric.update(label, vector([3]));
    expect(log).toEqual(['a', 'a']);
    expect(metric.getNameValue()).toEqual([['a', 2], ['b', 2], ['c', 2]]);
    expect(metric.lastValue()).toEqual([3, 3, 3]);
  });

  it('each metric by itself where kinds differ or none is declared, however equal the values', () => {
    const log: string[] = [];
    new CompositeEvalMetric([counting('k', log, 'a'), counting('other', log, 'b'), counting(undefined, log, 'c'), counting(undefined, log, 'd')]).update(label, one);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('again where metrics of a kind read other outputs', () => {
    const log: string[] = [];
    const metric = new CompositeEvalMetric([counting('k', log, 'a', { outputNames: ['x'] }), counting('k', log, 'b', { outputNames: ['y'] }), counting('k', log, 'c', { outputNames: ['x'] })]);
    metric.updateDict({ l: label }, { x: one, y: vector([5]) });
    expect(log).toEqual(['a', 'b']);
    expect(metric.get()[1]).toEqual([1, 5, 1]);
  });

  it('again inside a composite that leaves outputs out', () => {
    const log: string[] = [];
    const inner = new CompositeEvalMetric([counting('k', log, 'b')], { outputNames: ['y'] });
    const metric = new CompositeEvalMetric([counting('k', log, 'a'), inner]);
    metric.updateDict({ l: label }, { x: one, y: vector([5]) });
    expect(metric.get()[1]).toEqual([1, 5]);
  });

  it('so that metrics of one kind stay their own: one that was reset, or updated alone, counts alone', () => {
    const [a, b] = [counting('k', [], 'a'), counting('k', [], 'b')];
    const metric = new CompositeEvalMetric([a, b]);
    metric.update(label, one);
    a.reset();
    b.update(label, vector([4]));
    metric.update(label, vector([7]));
    expect(metric.get()[1]).toEqual([7, 4]);
  });
});

it('metrics over one confusion matrix give what each gives alone', () => {
  const names = ['precision', 'recall', 'fbeta', 'specificity', 'jaccard', 'balanced_accuracy', 'cohen_kappa', 'confusion_matrix', 'pcc', 'nmi'];
  const labels = vector([0, 1, 2, 2, 1, 0, 1]);
  const scores = matrix([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1], [0.5, 0.2, 0.3], [0.1, 0.6, 0.3]]);
  const together = create(names);
  together.update(labels, scores);
  expect(together.get()[1]).toEqual(
    names.map(name => {
      const alone = create(name, {}) as EvalMetric;
      alone.update(labels, scores);
      return alone.get()[1];
    }),
  );
});
