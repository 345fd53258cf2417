import { type Engine, type Primitive } from '@lossworks/ndarray';
import { beforeAll, describe, expect, it } from 'vitest';
import { difference, engineStartMilliseconds, interpret, primitiveInfos, runProgram, sampleProgram, singlePrecision, startEngine, type PrimitiveInfo } from '../src/index.js';

const engines = ['onnx', 'onnx-web'];
const infos = Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][];

describe.each(engines)('on the engine %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  }, engineStartMilliseconds);

  describe.each(infos)('%s computes what the reference computes', (primitive, { samples, tolerance = singlePrecision }) => {
    it.each(samples.map((sample) => [sample.name, sample] as const))('for %s', async (_, sample) => {
      const program = sampleProgram(primitive, sample);
      const data = sample.operands.map((operand) => operand.data);
      const [expected] = interpret(program, data);
      const [actual] = await runProgram(engine, program, data);
      expect(difference(primitive, actual!, expected!.data, tolerance)).toBeUndefined();
    });
  });
});
