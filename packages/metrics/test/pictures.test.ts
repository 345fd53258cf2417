import { describe, expect, it } from 'vitest';
import { Accuracy, AveragePrecision, ConfusionMatrix, PrecisionRecallCurve, Recall, RocCurve } from '../src/index.js';
import { matrix, vector } from './metric-samples.js';

const labels = vector([0, 1, 2, 2]);
const scores = matrix([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]);

/** Every tag is closed, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!empty) open.push(name!);
  }
  return open.length === 0 && svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"');
}

describe('a picture', () => {
  it('of a confusion matrix has a square and a number for each pair of classes', () => {
    const metric = new ConfusionMatrix();
    metric.update(labels, scores);
    const svg = metric.toSvg('a < b & c');
    expect(isWellFormed(svg)).toBe(true);
    expect(svg.match(/<rect/g)).toHaveLength(9);
    expect(svg).toContain('a &#60; b &#38; c');
    expect(metric.details()).toEqual({ matrix: [[1, 0, 0], [0, 1, 1], [0, 0, 1]] });
  });

  it.each([['roc', RocCurve], ['precision and recall', PrecisionRecallCurve]])('of a curve of %s has a line a class, within the frame', (_, Curve) => {
    const metric = new Curve({ task: 'multiclass' });
    metric.update(labels, scores);
    const svg = metric.toSvg();
    expect(isWellFormed(svg)).toBe(true);
    const lines = [...svg.matchAll(/points="([^"]+)"/g)].map(([, points]) => points!.split(/[ ,]/).map(Number));
    expect(lines).toHaveLength(3);
    expect(lines.flat().every(value => value >= 40 && value <= 340)).toBe(true);
    expect(lines.every(line => line.length > 4)).toBe(true);
  });

  it('of a number there is none', () => {
    expect(() => new Accuracy().toSvg()).toThrow(/accuracy: this metric is a number and has no picture/);
    expect(new Accuracy().details()).toEqual({});
  });
});

describe('the values of the classes', () => {
  it('have a name each, and their mean is the value', () => {
    const metric = new Recall({ average: 'none' });
    metric.update(labels, scores);
    expect(metric.getNameValue()).toEqual([['recall_0', 1], ['recall_1', 1], ['recall_2', 0.5]]);
    expect(metric.get()).toEqual(['recall', 2.5 / 3]);
    expect(metric.getGlobalNameValue()).toEqual(metric.getLastNameValue());
  });

  it('are none before the first update', () => {
    expect(new AveragePrecision({ task: 'multilabel', average: 'none' }).getNameValue()).toEqual([]);
  });
});
