import { NDArray, placeholder, vjp, type Engine, type Primitive, type Program } from '@lossworks/ndarray';
import { derivatives, outline, programOf, record } from '@lossworks/ndarray/internal';
import { beforeAll, describe, expect, it } from 'vitest';
import { difference, engineStartMilliseconds, inferredSignature, interpret, primitiveInfos, randomHead, runProgram, singlePrecision, startEngine } from '../src/index.js';
import type { PrimitiveInfo, PrimitiveSample } from '../src/index.js';

type AnySample = PrimitiveSample<Primitive>;

const infos = (Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][])
  .filter(([primitive]) => derivatives[primitive] !== 'none')
  .map(([primitive, info]) => [primitive, info, info.samples.filter((sample) => sample.gradients !== 'unchecked' && hasNumbers(sample))] as const)
  .filter(([, , samples]) => samples.length > 0);

function hasNumbers({ operands }: AnySample): boolean {
  return operands.some(({ dtype }) => dtype === 'float32');
}

/** The call's result and its gradients as one program, the way a training step meets them. */
function trainingProgram(primitive: Primitive, sample: AnySample): { program: Program; data: readonly (readonly number[])[] } {
  const { shape } = inferredSignature(primitive, sample);
  const numbers = [...sample.operands.map(({ data }) => data), randomHead(shape)];
  const operands = sample.operands.map((operand) => placeholder(operand.shape, operand.dtype));
  const head = placeholder(shape);
  const result = new NDArray(record(primitive, sample.attributes as never, operands.map(({ value }) => value)));
  const gradients = vjp([result], operands.filter(({ dtype }) => dtype === 'float32'), [head]);
  const outlined = outline([result, ...gradients].map(({ value }) => value));
  const holders = [...operands, head].map(({ value }) => value);
  return { program: programOf(outlined, []), data: outlined.leaves.map((leaf) => numbers[holders.indexOf(leaf)]!) };
}

describe.each(['onnx', 'onnx-web'])('on the engine %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  }, engineStartMilliseconds);

  describe.each(infos)('%s and its gradients together are what the reference computes', (primitive, { tolerance = singlePrecision }, samples) => {
    it.each(samples.map((sample) => [sample.name, sample] as const))('for %s', async (_, sample) => {
      const { program, data } = trainingProgram(primitive, sample);
      const expected = interpret(program, data);
      const actual = await runProgram(engine, program, data);
      expect(actual.length).toBe(expected.length);
      expected.forEach((each, i) => expect(difference(`output ${i}`, actual[i]!, each.data, tolerance)).toBeUndefined());
    });
  });
});
