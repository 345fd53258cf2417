import { readFileSync } from 'node:fs';
import { array, RandomGenerator } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { type InitializerCase, runInitializerCase } from '../../testing/src/conformance/initializer-cases.js';
import {
  Bilinear, Constant, createInitializer, type Initializer, initializerRules, Load, LSTMBias, Mixed, MSRAPrelu, Normal, One, Orthogonal, Uniform, Xavier, Zero,
} from '../src/index.js';

const recorded = (JSON.parse(readFileSync(new URL('../../testing/oracle/initializers.json', import.meta.url), 'utf8')) as { cases: InitializerCase[] }).cases;

describe('initializers give what MXNet 1.9.1 gives', () => {
  it.each(recorded.filter(({ kind }) => kind !== ('attrs' as never)).map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await runInitializerCase(item)).toEqual({ status: 'passed' });
  });

  it.each<[claim: string, name: string, change: object]>([
    ['another exact value', 'dispatch_const_fc_weight', { value: { shape: [2, 3], data: [2.5, 2.5, 2.5, 2.5, 2.5, 2.4] } }],
    ['a spread that is a tenth larger', 'uniform', { stats: { mean: 0, std: 0.0446, min: -0.07, max: 0.07 } }],
    ['a refusal that does not come', 'dispatch_zero_fc_weight', { value: undefined, error: 'ValueError' }],
    ['another Gram matrix', 'orthogonal_normal_4x6', { gram: { shape: [4, 4], data: new Array(16).fill(2.25) } }],
  ])('the comparison fails for %s', async (_, name, change) => {
    const item = recorded.find((candidate) => candidate.name === name)!;
    expect((await runInitializerCase({ ...item, ...change } as InitializerCase)).status).toBe('failed');
  });
});

describe('initializers', () => {
  const initialize = (initializer: Initializer, seed: number) => initializer.initialize({ name: 'a_weight', shape: [3, 5] }, new RandomGenerator(seed)).data();

  it.each([new Uniform(), new Normal(), new Xavier({ rndType: 'gaussian' }), new Orthogonal()].map((item) => [item.dumps(), item] as const))(
    '%s draws the same numbers from the same seed, others from another',
    async (_, initializer) => {
      expect(await initialize(initializer, 3)).toEqual(await initialize(initializer, 3));
      expect(await initialize(initializer, 3)).not.toEqual(await initialize(initializer, 4));
    },
  );

  it.each<[text: string, initializer: { dumps(): string }]>([
    ['["zero", {}]', new Zero()],
    ['["one", {}]', new One()],
    ['["constant", {"value": 2.5}]', new Constant({ value: 2.5 })],
    ['["uniform", {"scale": 0.07}]', new Uniform()],
    ['["normal", {"sigma": 0.02}]', new Normal({ sigma: 0.02 })],
    ['["orthogonal", {"scale": 1.414, "rand_type": "uniform"}]', new Orthogonal()],
    ['["xavier", {"rnd_type": "gaussian", "factor_type": "in", "magnitude": 2}]', new Xavier({ rndType: 'gaussian', factorType: 'in', magnitude: 2 })],
    ['["msraprelu", {"factor_type": "avg", "slope": 0.25}]', new MSRAPrelu()],
    ['["bilinear", {}]', new Bilinear()],
    ['["lstmbias", {"forget_bias": 2}]', new LSTMBias({ forgetBias: 2 })],
  ])('%s is written and read', (text, initializer) => {
    expect(initializer.dumps()).toBe(text);
    expect(createInitializer(text).dumps()).toBe(text);
  });

  it('of quantized parameters are 0 for biases and one whole number from -127 to 126 for weights, whatever the rule', async () => {
    const valuesOf = async (name: string, seed: number) => [...new Set(await new Uniform().initialize({ name, shape: [2, 3] }, new RandomGenerator(seed)).data())];
    const drawn = await Promise.all(Array.from({ length: 200 }, (_, seed) => valuesOf('fc_weight_quantize', seed)));
    expect(drawn.every((values) => values.length === 1 && Number.isInteger(values[0]) && values[0]! >= -127 && values[0]! <= 126)).toBe(true);
    expect(new Set(drawn.flat()).size).toBeGreaterThan(80);
    expect(await valuesOf('fc_bias_quantize', 1)).toEqual([0]);
  });

  it('are found by every name of the table, in any case', () => {
    for (const name of Object.keys(initializerRules)) expect(createInitializer(name.toUpperCase(), name === 'constant' ? { value: 1 } : {}).dumps()).toContain('["');
    expect(createInitializer('zeros').dumps()).toBe('["zero", {}]');
  });

  it('the rows of a wide orthogonal matrix and the columns of a tall one have length `scale`', async () => {
    for (const [shape, stride] of [[[3, 40], 1], [[40, 3], 3]] as const) {
      const numbers = await new Orthogonal({ scale: 2 }).initialize({ name: 'weight', shape }, new RandomGenerator(1)).data();
      const first = Array.from({ length: 40 }, (_, k) => numbers[k * stride]!);
      expect(first.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(4, 5);
    }
  });

  it.each<[claim: string, act: () => unknown, message: RegExp]>([
    ['an unknown name', () => createInitializer('nope'), /no initializer "nope"; choose one of zero, zeros/],
    ['an unknown option', () => createInitializer('uniform', { sigma: 1 }), /uniform: there is no option sigma; it has scale/],
    ['an option of a kind that takes none', () => createInitializer('["zero", {"value": 1}]'), /zero: there is no option value; it has none/],
    ['text that is none', () => createInitializer('[1'), /"\[1" names no initializer; write a name/],
    ['a constant without its number', () => createInitializer('constant'), /value is NaN; give the number/],
    ['an unknown distribution', () => new Xavier({ rndType: 'normal' as 'gaussian' }), /rndType is "normal"; choose one of uniform, gaussian/],
    ['an unknown factor', () => new MSRAPrelu({ factorType: 'sum' as 'avg' }), /factorType is "sum"; choose one of avg, in, out/],
    ['a name without a rule', () => new Zero().initialize({ name: 'center', shape: [2] }, new RandomGenerator()), /the name center tells no initial value.*give its variable an init/],
    ['a quantized name without a rule', () => new Zero().initialize({ name: 'center_quantize', shape: [2] }, new RandomGenerator()), /ends in none of weight, weight_quantize, bias, gamma, beta, min, max, bias_quantize;/],
    ['one axis for Xavier', () => new Xavier().initialize({ name: 'a_weight', shape: [3] }, new RandomGenerator()), /xavier: a_weight has shape \[3\]/],
    ['two axes for Bilinear', () => new Bilinear().initialize({ name: 'a_weight', shape: [3, 3] }, new RandomGenerator()), /bilinear: a_weight has shape \[3,3\]/],
    ['a saved array of another shape', () => new Load({ a: array([1, 2]) }).initialize({ name: 'a', shape: [3] }, new RandomGenerator()), /a has shape \[3\], the saved one \[2\]/],
    ['a name that was not saved', () => new Load({ b: array([1]) }).initialize({ name: 'a', shape: [1] }, new RandomGenerator()), /a was not saved \(there is b\); give a defaultInitializer/],
    ['a name no pattern fits', () => new Mixed([['fc', new Zero()]]).initialize({ name: 'my_fc_weight', shape: [1] }, new RandomGenerator()), /begins with none of the patterns fc/],
  ])('refuse %s', (_, act, message) => {
    expect(act).toThrow(message);
    expect(act).toThrow(RangeError);
  });
});
