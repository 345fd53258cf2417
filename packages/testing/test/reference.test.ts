import { add, array, currentEngine, div, erf, exp, mul, sum, useEngine, type Engine } from '@lossworks/ndarray';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReferenceEngine, difference, evaluateExactly, largestDeviation, numericGradient } from '../src/index.js';

describe('the reference engine', () => {
  let before: Engine;
  beforeEach(async () => {
    before = await currentEngine();
    await useEngine(createReferenceEngine());
  });
  afterEach(async () => {
    await useEngine(before);
  });

  it('runs what was recorded', async () => {
    expect([...(await mul(array([1, 2, 3]), 2).data())]).toEqual([2, 4, 6]);
  });

  it('keeps what float32 would lose between two reads', async () => {
    const tiny = 1e-9;
    const sum1 = add(array([1]), tiny);
    await sum1.data();
    expect((await div(sum1.sub(1), tiny).data())[0]).toBeCloseTo(1, 5);
  });

  it('takes over arrays that another engine has computed', async () => {
    await useEngine(before);
    const y = mul(array([1, 2]), 3);
    await y.data();
    await useEngine(createReferenceEngine());
    expect([...(await y.add(1).data())]).toEqual([4, 7]);
  });
});

describe('exact evaluation', () => {
  it('computes in float64 and leaves the recorded arrays pending', () => {
    const y = exp(array([1]));
    expect(evaluateExactly([y])[0]![0]).toBe(Math.E);
  });

  it.each([
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3, 0.9999779095030014],
  ])('knows erf(%d) to the last digits', (x, expected) => {
    expect(evaluateExactly([erf(array([x]))])[0]![0]).toBeCloseTo(expected, 14);
  });
});

describe('numeric gradients', () => {
  it('find the derivative of a polynomial', () => {
    const [gradient] = numericGradient(([x]) => [mul(mul(x!, x!), x!)], [{ shape: [2], data: [1, -2] }], [[1, 10]]);
    expect(difference('gradient', gradient!, [3, 120], { relative: 1e-9, absolute: 0 })).toBeUndefined();
  });

  it('are zero for inputs that are no float32', () => {
    const [, indices] = numericGradient(([x, i]) => [sum(mul(x!, i!.cast('float32')))], [{ shape: [2], data: [1, 2] }, { shape: [2], dtype: 'int32', data: [3, 4] }], [[1]]);
    expect([...indices!]).toEqual([0, 0]);
  });
});

describe('the comparison', () => {
  it.each([
    ['equal numbers', [1, 2], [1, 2]],
    ['numbers within the tolerance', [1.000001], [1]],
    ['not a number on both sides', [Number.NaN], [Number.NaN]],
    ['the same infinity', [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY]],
    ['zeros of either sign', [-0], [0]],
  ])('accepts %s', (_, actual, expected) => {
    expect(difference('x', actual, expected)).toBeUndefined();
  });

  it.each([
    ['another length', [1], [1, 2], '1 numbers instead of 2'],
    ['not a number where one belongs', [Number.NaN], [1], 'NaN instead of 1'],
    ['a number where none belongs', [1], [Number.NaN], '1 instead of NaN'],
    ['the other infinity', [Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY], '-Infinity instead of Infinity'],
    ['numbers too far apart', [1, 2.1, 3.01], [1, 2, 3], 'x[1]: 2.1 instead of 2'],
  ])('refuses %s', (_, actual, expected, text) => {
    expect(difference('x', actual, expected)).toContain(text);
  });

  it('names the element that is furthest away, counted in tolerances', () => {
    expect(largestDeviation([1.1, 1001], [1, 1000])?.index).toBe(0);
  });
});
