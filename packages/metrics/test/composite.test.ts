import { describe, expect, it } from 'vitest';
import { Accuracy, CenterLoss, CompositeEvalMetric, create, CustomMetric, metricFromJson, type HostArray } from '../src/index.js';
import { matrix, vector } from './metric-samples.js';

const labels = { softmax_label: vector([0, 1]), center_label: vector([0, 1]) };
const outputs = { softmax_output: matrix([[0.9, 0.1], [0.8, 0.2]]), center_output: vector([0.25]) };

/** Accuracy and center loss of one network, each reading its own output. */
const both = () =>
  new CompositeEvalMetric([
    new Accuracy({ outputNames: ['softmax_output'], labelNames: ['softmax_label'] }),
    new CenterLoss({ outputNames: ['center_output'], labelNames: ['center_label'] }),
  ]);

describe('a composite', () => {
  it('updates each metric with the outputs it names', () => {
    const metric = both();
    metric.updateDict(labels, outputs);
    expect(metric.get()).toEqual([['accuracy', 'center-loss'], [0.5, 0.25]]);
    expect(metric.getGlobal()).toEqual(metric.get());
    expect(metric.getNameValue()).toEqual([['accuracy', 0.5], ['center-loss', 0.25]]);
    expect(metric.lastValue()).toEqual([0.5, 0.25]);
    expect(metric.getLastNameValue()).toEqual(metric.getNameValue());
  });

  it('reads maps as well as objects', () => {
    const metric = both();
    metric.updateDict(new Map(Object.entries(labels)), new Map<string, HostArray>(Object.entries(outputs)));
    expect(metric.get()[1]).toEqual([0.5, 0.25]);
  });

  it('drops what its own names leave out before its metrics see it', () => {
    const metric = new CompositeEvalMetric(['acc'], { outputNames: ['softmax_output'], labelNames: ['softmax_label'] });
    metric.updateDict(labels, outputs);
    expect(metric.get()).toEqual([['accuracy'], [0.5]]);
    metric.updateDict(new Map(Object.entries(labels)), new Map(Object.entries(outputs)));
    expect(metric.get()).toEqual([['accuracy'], [0.5]]);
  });

  it('updates by position', () => {
    const metric = create(['acc', 'ce']);
    metric.update(labels.softmax_label, outputs.softmax_output);
    expect(metric.get()[1][0]).toBe(0.5);
    expect(metric.get()[1][1]).toBeCloseTo(-(Math.log(0.9) + Math.log(0.2)) / 2, 9);
  });

  it('nests, and lists the values flat', () => {
    const metric = new CompositeEvalMetric([both(), 'loss']);
    metric.getMetric(1).outputNames = ['center_output'];
    metric.updateDict(labels, outputs);
    expect(metric.get()).toEqual([['accuracy', 'center-loss', 'loss'], [0.5, 0.25, 0.25]]);
  });

  it('takes metrics later, and finds them by index', () => {
    const metric = new CompositeEvalMetric().add('acc').add(new CenterLoss());
    expect([metric.getMetric(0).name, metric.getMetric(-1).name]).toEqual(['accuracy', 'center-loss']);
  });

  it('is empty lists when empty', () => {
    expect(create('composite').get()).toEqual([[], []]);
  });

  it('resets, merges and goes through JSON with all its metrics', () => {
    const metric = both();
    metric.updateDict(labels, outputs);
    metric.resetLocal();
    expect([metric.get()[1], metric.getGlobal()[1]]).toEqual([[Number.NaN, Number.NaN], [0.5, 0.25]]);
    const copy = metricFromJson(JSON.stringify(metric));
    expect(copy.toJSON()).toEqual(metric.toJSON());
    const other = both();
    other.updateDict(labels, { ...outputs, center_output: vector([0.75]) });
    expect(copy.merge(other).getGlobal()).toEqual([['accuracy', 'center-loss'], [0.5, 0.5]]);
    copy.reset();
    expect(copy.getGlobal()[1]).toEqual([Number.NaN, Number.NaN]);
    expect(create(metric.getConfig()).getConfig()).toEqual(metric.getConfig());
  });

  it('prints names and values', () => {
    const metric = both();
    metric.updateDict(labels, outputs);
    expect(String(metric)).toBe("EvalMetric: {'accuracy': 0.5, 'center-loss': 0.25}");
  });
});

describe('center loss', () => {
  it('weighs each batch mean by its samples, so a short last batch counts for what it holds', () => {
    const metric = new CenterLoss();
    metric.update([vector(new Array<number>(100).fill(0))], [vector([2])]);
    metric.update([vector(new Array<number>(20).fill(0))], [vector([8])]);
    expect(metric.get()[1]).toBeCloseTo((100 * 2 + 20 * 8) / 120, 12);
    expect(metric.lastValue()).toBe(8);
  });

  it('reads a number, an array of one and a loss a sample alike', () => {
    for (const output of [{ data: [3], shape: [] }, vector([3]), vector([2, 4])]) {
      const metric = new CenterLoss();
      metric.update([vector([0, 1])], [output]);
      expect(metric.get()).toEqual(['center-loss', 3]);
    }
  });

  it('counts elements where there are no labels', () => {
    const metric = new CenterLoss();
    metric.update([], [vector([1])]);
    metric.update([], [vector([3])]);
    expect(metric.get()[1]).toBe(2);
  });
});

describe('a metric of a function', () => {
  it('is named after its function', () => {
    function distance(): number {
      return 1;
    }
    expect([new CustomMetric(distance).name, new CustomMetric(() => 1).name, new CustomMetric(distance, { name: 'd' }).name]).toEqual(['distance', 'custom(<lambda>)', 'd']);
  });

  it('averages numbers over pairs, and sums over their counts', () => {
    const number = new CustomMetric(label => label.data[0]!);
    const sum = new CustomMetric(label => [label.data[0]!, label.data.length]);
    for (const metric of [number, sum]) metric.update([vector([4, 0]), vector([2, 0])], [vector([0]), vector([0])]);
    expect([number.get()[1], sum.get()[1]]).toEqual([3, 1.5]);
  });

  it('restores its values into a metric of the same function', () => {
    const mean = () => new CustomMetric(label => label.data[0]!, { name: 'mean' });
    const metric = mean();
    metric.update(vector([4]), vector([0]));
    expect(mean().fromJSON(JSON.parse(JSON.stringify(metric))).get()).toEqual(['mean', 4]);
  });
});
