import { NDArray, placeholder, vjp, type Primitive } from '@lossworks/ndarray';
import { derivatives, record } from '@lossworks/ndarray/internal';
import { describe, expect, it } from 'vitest';
import { difference, evaluator, inferredSignature, interpret, numericGradient, primitiveInfos, randomHead, sampleProgram } from '../src/index.js';
import type { PrimitiveInfo, PrimitiveSample, RecordedFunction } from '../src/index.js';

const infos = Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][];
type AnySample = PrimitiveSample<Primitive>;

const named = <T extends { readonly name: string }>(rows: readonly T[]): [string, T][] => rows.map((row) => [row.name, row]);

/** The call, recorded from arrays. */
const recorded = (primitive: Primitive, { attributes }: AnySample): RecordedFunction => (inputs) => [new NDArray(record(primitive, attributes as never, inputs.map(({ value }) => value)))];

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** The gradients of the float32 operands as a function of all operands and the head gradient. */
const gradients = (primitive: Primitive, sample: AnySample): RecordedFunction => (inputs) => {
  const operands = inputs.slice(0, -1);
  return vjp(recorded(primitive, sample)(operands), operands.filter(({ dtype }) => dtype === 'float32'), [inputs.at(-1)!]);
};

/** Finite differences are good to about 1e-9 here; sums of many terms leave a little more. */
const tolerance = { relative: 1e-6, absolute: 1e-6 };

/** The operands, and a head gradient behind them. */
function withHead(primitive: Primitive, sample: AnySample) {
  const { shape } = inferredSignature(primitive, sample);
  const head = sample.gradients ? new Array<number>(sizeOf(shape)).fill(1) : randomHead(shape);
  return [...sample.operands, { shape, dtype: 'float32' as const, data: head }];
}

function expectAgreement(actual: readonly Float64Array[], expected: readonly ArrayLike<number>[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((gradient, i) => expect(difference(`gradient ${i}`, gradient, expected[i]!, tolerance)).toBeUndefined());
}

const isSmooth = ({ gradients: declared, operands }: AnySample): boolean => !declared && operands.some(({ dtype }) => dtype === 'float32');

describe.each(infos)('%s', (primitive, info) => {
  it.each(named(info.samples))('is as large as its shape rule says for %s', (_, sample) => {
    const [result] = interpret(sampleProgram(primitive, sample), sample.operands.map(({ data }) => data));
    expect({ shape: result!.shape, dtype: result!.dtype }).toEqual(inferredSignature(primitive, sample));
    expect(result!.data.length).toBe(sizeOf(result!.shape));
  });

  if (info.errors.length > 0) {
    it.each(named(info.errors))('refuses %s with a text that names both sides', (_, { attributes, operands, says }) => {
      const call = () => record(primitive, attributes as never, operands.map(({ shape, dtype }) => placeholder(shape, dtype).value));
      expect(call).toThrow(RangeError);
      for (const part of [primitive, ...says]) expect(call).toThrow(part);
    });
  }

  const differentiable = derivatives[primitive] !== 'none';
  const declared = info.samples.filter((sample) => Array.isArray(sample.gradients));
  const smooth = info.samples.filter(isSmooth);

  if (differentiable) {
    it.each(named(smooth))('has the derivative that finite differences find for %s', (_, sample) => {
      const inputs = withHead(primitive, sample);
      const actual = evaluator(gradients(primitive, sample), inputs)(inputs.map(({ data }) => data));
      const numeric = numericGradient(recorded(primitive, sample), sample.operands, [inputs.at(-1)!.data]);
      expectAgreement(actual, numeric.filter((__, i) => sample.operands[i]!.dtype === 'float32'));
    });
  } else {
    it('lets no gradient through', () => {
      const sample = info.samples.find(({ operands }) => operands.some(({ dtype }) => dtype === 'float32'));
      if (!sample) return expect(info.samples.every(({ operands }) => operands.every(({ dtype }) => dtype !== 'float32'))).toBe(true);
      const inputs = withHead(primitive, sample);
      for (const gradient of evaluator(gradients(primitive, sample), inputs)(inputs.map(({ data }) => data))) expect(gradient.every((element) => element === 0)).toBe(true);
    });
  }

  if (declared.length > 0) {
    it.each(named(declared))('gives the declared gradients for %s', (_, sample) => {
      const inputs = withHead(primitive, sample);
      const actual = evaluator(gradients(primitive, sample), inputs)(inputs.map(({ data }) => data));
      expectAgreement(actual, (sample.gradients as readonly (readonly number[] | null)[]).filter((list) => list !== null));
    });
  }

  if (differentiable) {
    it.each(named(smooth))('has the second derivative that finite differences of the first find for %s', (_, sample) => {
      const first = gradients(primitive, sample);
      const inputs = withHead(primitive, sample);
      const heads = sample.operands.filter(({ dtype }) => dtype === 'float32').map(({ shape }, i) => ({ shape, data: randomHead(shape, 99 + i) }));
      const second: RecordedFunction = (all) => {
        const arrays = all.slice(0, inputs.length);
        return vjp(first(arrays), arrays.filter(({ dtype }) => dtype === 'float32'), all.slice(inputs.length));
      };
      const actual = evaluator(second, [...inputs, ...heads])([...inputs, ...heads].map(({ data }) => data));
      const numeric = numericGradient(first, inputs, heads.map(({ data }) => data));
      expectAgreement(actual, numeric.filter((__, i) => inputs[i]!.dtype === 'float32'));
    });
  }
});
