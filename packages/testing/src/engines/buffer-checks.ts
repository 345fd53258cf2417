import type { DType, Engine, EngineBuffer, Program, TypedArray } from '@lossworks/ndarray';
import { difference } from '../compare.js';
import type { EngineCheck } from './engine-check.js';

const twice: Program = {
  inputs: [{ shape: [3], dtype: 'float32' }],
  steps: [{ primitive: 'add', attributes: {}, operands: [0, 0], shape: [3], dtype: 'float32' }],
  outputs: [1],
};

const kinds: readonly (readonly [dtype: DType, data: TypedArray])[] = [
  ['float32', Float32Array.of(0.1, -0, Number.POSITIVE_INFINITY, Number.NaN)],
  ['int32', Int32Array.of(2147483647, -2147483648, 0)],
  ['uint8', Uint8Array.of(0, 128, 255)],
  ['bool', Uint8Array.of(0, 1, 1)],
];

const same = (actual: TypedArray, expected: TypedArray): string | undefined =>
  actual.constructor === expected.constructor ? difference('element', actual, expected, { relative: 0, absolute: 0 }) : `a ${actual.constructor.name} came back`;

/** What an engine does with buffers. */
export function bufferChecks(): EngineCheck[] {
  return [
    ...kinds.map(([dtype, data]): EngineCheck => ({
      name: `${dtype} comes back as it went in`,
      run: async (engine) => same(await engine.read(engine.upload(data.slice(), [data.length], dtype)), data),
    })),
    {
      name: 'what is read is a copy of its own',
      run: async (engine) => {
        const buffer = engine.upload(Float32Array.of(1, 2, 3), [3], 'float32');
        (await engine.read(buffer)).fill(9);
        return same(await engine.read(buffer), Float32Array.of(1, 2, 3));
      },
    },
    {
      name: 'a run leaves its inputs as they are, and gives new outputs every time',
      run: async (engine) => {
        const compiled = await engine.compile(twice);
        const x = engine.upload(Float32Array.of(1, 2, 3), [3], 'float32');
        const [first] = await compiled.run([x]);
        const [second] = await compiled.run([first!]);
        await compiled.release();
        const read = async (...buffers: readonly Parameters<Engine['read']>[0][]): Promise<Float32Array> => Float32Array.from((await Promise.all(buffers.map((each) => engine.read(each)))).flatMap((each) => [...each]));
        return same(await read(x, first!, second!), Float32Array.of(1, 2, 3, 2, 4, 6, 4, 8, 12));
      },
    },
    {
      name: 'a run with spare buffers gives what it gives without, and leaves others alone',
      run: async (engine) => {
        const compiled = await engine.compile(twice);
        const run = async (input: EngineBuffer, spare?: EngineBuffer): Promise<EngineBuffer> => (await compiled.run([input], [spare]))[0]!;
        const x = engine.upload(Float32Array.of(1, 2, 3), [3], 'float32');
        const kept = await run(x);
        let [last, spare] = [await run(x), await run(x)];
        for (let i = 0; i < 3; i++) [last, spare] = [await run(last, spare), last];
        await compiled.release();
        const read = await Promise.all([x, kept, last].map((each) => engine.read(each)));
        return same(Float32Array.from(read.flatMap((each) => [...each])), Float32Array.of(1, 2, 3, 2, 4, 6, 16, 32, 48));
      },
    },
    {
      name: 'an output outlives its program',
      run: async (engine) => {
        const compiled = await engine.compile(twice);
        const [output, abandoned] = (await Promise.all([1, 2].map((value) => compiled.run([engine.upload(Float32Array.of(value, 0, 0), [3], 'float32')])))).flat();
        await compiled.release();
        engine.free(abandoned!);
        const found = same(await engine.read(output!), Float32Array.of(2, 0, 0));
        engine.free(output!);
        return found;
      },
    },
    {
      name: 'a freed buffer leaves others alone',
      run: async (engine) => {
        const [a, b] = [1, 2].map((value) => engine.upload(Float32Array.of(value, value, value), [3], 'float32'));
        engine.free(a!);
        return same(await engine.read(b!), Float32Array.of(2, 2, 2));
      },
    },
  ];
}
