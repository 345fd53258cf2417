import type { Engine, Primitive } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { difference, interpret, primitiveInfos, runProgram, sampleProgram, type PrimitiveInfo, type Tolerance } from '../src/index.js';
import { startWebGpu } from '../src/webgpu.js';

const infos = Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][];

/** WGSL allows transcendental functions this much; everything else keeps the table's tolerance. */
const loose: Tolerance = { relative: 2e-5, absolute: 5e-6 };
const tolerances: { readonly [P in Primitive]?: Tolerance } = { sin: { relative: 0, absolute: 2 ** -11 }, cos: { relative: 0, absolute: 2 ** -11 } };

/** Samples with other results on this device, each with the reason. They must still differ, or the line goes. */
const skips: { readonly [sample: string]: string } = {
  'log: at zero and below': 'a shader compiler may assume that there is no infinity',
  'pow: negative bases': 'a shader compiler may assume that there is no not-a-number',
  'pow: zero': 'a shader compiler may assume that there is no infinity',
};

const engine = await startWebGpu();
if (typeof engine === 'string') console.log(`Primitives were not tested on WebGPU: ${engine}.`);

describe.skipIf(typeof engine === 'string').each(infos)('%s computes on WebGPU what the reference computes', (primitive, { samples, tolerance = loose }) => {
  it.each(samples.map((sample) => [sample.name, sample] as const))('for %s', async (name, sample) => {
    const program = sampleProgram(primitive, sample);
    const data = sample.operands.map((operand) => operand.data);
    const [expected] = interpret(program, data);
    const [actual] = await runProgram(engine as Engine, program, data);
    const found = difference(primitive, actual!, expected!.data, tolerances[primitive] ?? tolerance);
    if (Object.hasOwn(skips, `${primitive}: ${name}`)) expect(found).toBeDefined();
    else expect(found).toBeUndefined();
  });
});
