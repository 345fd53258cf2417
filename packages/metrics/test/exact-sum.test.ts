import { describe, expect, it } from 'vitest';
import { addSums, create, exactSum, nearest, Summation, type EvalMetric } from '../src/index.js';
import { seededRandom, vector } from './metric-samples.js';

/** A float64 as a whole number of the smallest one. */
function units(value: number): bigint {
  const [bits] = new BigUint64Array(new Float64Array([value]).buffer) as unknown as [bigint];
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = exponent === 0n ? bits & 0xfffffffffffffn : (bits & 0xfffffffffffffn) | 0x10000000000000n;
  return (bits >> 63n === 1n ? -1n : 1n) * (mantissa << (exponent === 0n ? 0n : exponent - 1n));
}

const total = (values: readonly number[]): bigint => values.reduce((sum, value) => sum + units(value), 0n);

/** The float64 nearest to so many units, of two the even one: of the first 64 bits, the last one says whether anything follows. */
function roundedOf(units: bigint): number {
  if (units < 0n) return -roundedOf(-units);
  const shift = BigInt(Math.max(0, units.toString(2).length - 64));
  const first = units >> shift;
  return Number(first << shift === units ? first : first | 1n) * 2 ** (Number(shift) - 1074);
}

const random = seededRandom(3);
const wild = (count: number): number[] => Array.from({ length: count }, () => (random() - 0.5) * 2 ** Math.floor(120 * random() - 60));
const kinds: readonly (readonly [string, readonly number[]])[] = [
  ['nothing', []],
  ['numbers that cancel', [1e16, 1, -1e16, 0.1, 0.2, 1e-30, -0.3]],
  ['a tie that what lies below decides', [1, 2 ** -53, 2 ** -110]],
  ['a tie to the even number', [1, 2 ** -53]],
  ['a tie upwards to the even number', [1 + 2 ** -52, 2 ** -53]],
  ['a tie from below', [1, 2 ** -53, -(2 ** -110)]],
  ['the smallest numbers', [5e-324, 2.5e-320, -5e-324, 1e-310]],
  ['far exponents', [1e300, 1e-300, 1, -1e300, 2e-308]],
  ...[3, 10, 100, 1000].map(count => [`${count} numbers of all sizes`, wild(count)] as const),
];

describe('an exact sum', () => {
  it.each(kinds)('of %s is exact, each part the nearest to what is left, and has one form in any order and grouping', (_, terms) => {
    const sum = exactSum(terms);
    expect(total(sum)).toBe(total(terms));
    sum.forEach((part, i) => expect(part).toBe(roundedOf(total(terms) - total(sum.slice(0, i)))));
    for (let round = 0; round < 20; round++) {
      const order = terms.map(term => [random(), term] as const).sort(([a], [b]) => a - b).map(([, term]) => term);
      const cut = Math.floor(random() * order.length);
      expect(exactSum(order)).toEqual(sum);
      expect(addSums(exactSum(order.slice(0, cut)), exactSum(order.slice(cut)))).toEqual(sum);
    }
  });

  it.each([
    ['infinity', [1, Number.POSITIVE_INFINITY, 2], Number.POSITIVE_INFINITY],
    ['both infinities', [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY], Number.NaN],
    ['NaN', [1, Number.NaN, Number.POSITIVE_INFINITY], Number.NaN],
    ['what is beyond float64', [1.7e308, 1.7e308], Number.POSITIVE_INFINITY],
    ['what rounds beyond float64', [Number.MAX_VALUE, 2 ** 969, 2 ** 969, 2 ** 969], Number.POSITIVE_INFINITY],
  ])('of %s is that', (_, terms, value) => expect(exactSum(terms)).toEqual([value]));

  it('of nothing, or of zeros of any sign, is 0', () => {
    expect([nearest([]), nearest(exactSum([-0, 0]))]).toEqual([0, 0]);
  });

  it('of products takes what rounding leaves of them', () => {
    for (let round = 0; round < 100; round++) {
      const [a, b] = [random() - 0.5, random() * 1e5] as const;
      const [high, low = 0] = new Summation().addProduct(a, b).take();
      // a and b are whole numbers of 2⁻¹⁰⁷⁴: their product is one of 2⁻²¹⁴⁸.
      expect((units(high!) + units(low)) << 1074n).toBe(units(a) * units(b));
    }
    expect(new Summation().addProduct(1e308, 1e-300).take()).toEqual([1e308 * 1e-300]);
    expect(new Summation().addProduct(1e300, 1e300).take()).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe('moments lose nothing to a large mean', () => {
  // Deviations of about 0.01 in multiples of 2⁻²⁰, so that adding the mean does not round them.
  const deviation = (): number => Math.round((random() - 0.5) * 0.02 * 2 ** 20) / 2 ** 20;
  const labels = Array.from({ length: 1000 }, deviation);
  const preds = labels.map(label => label / 2 + deviation());
  const valueAt = (name: string, mean: number): number => {
    const metric = create(name, name === 'pearsonr' ? { average: 'pooled' } : {}) as EvalMetric;
    metric.update(vector(labels.map(label => label + mean)), vector(preds.map(pred => Math.round(pred * 2 ** 20) / 2 ** 20 + mean)));
    return metric.get()[1];
  };

  it.each(['pearsonr', 'r2', 'explained_variance', 'concordance', 'spearman'])('%s', name => {
    expect(valueAt(name, 1e6)).toBe(valueAt(name, 0));
    expect(Math.abs(valueAt(name, 0))).toBeGreaterThan(0.1);
  });

  it('nor does the spread of embeddings', () => {
    const spreadAt = (mean: number): number[] =>
      ['within', 'between'].map(measure => {
        const metric = create('embedding_spread', { measure }) as EvalMetric;
        metric.update(vector(labels.slice(0, 500).map((_, i) => i % 3)), { data: labels.map((label, i) => label + (i % 3) / 4 + mean), shape: [500, 2] });
        return metric.get()[1];
      });
    const [within, between] = spreadAt(0) as [number, number];
    const [far, apart] = spreadAt(1e6) as [number, number];
    expect(far).toBeCloseTo(within, 14);
    expect(apart).toBeCloseTo(between, 14);
    expect(within).toBeGreaterThan(1e-5);
  });
});
