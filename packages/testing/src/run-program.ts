import type { DType, Engine, Program, TypedArray } from '@lossworks/ndarray';

const hostArrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const satisfies { [D in DType]: unknown };

/** Runs a program once on an engine. */
export async function runProgram(engine: Engine, program: Program, inputs: readonly ArrayLike<number>[]): Promise<TypedArray[]> {
  const compiled = await engine.compile(program);
  try {
    const buffers = program.inputs.map(({ shape, dtype }, i) => engine.upload(hostArrays[dtype].from(inputs[i]!), shape, dtype));
    const outputs = await compiled.run(buffers);
    return await Promise.all(outputs.map((buffer) => engine.read(buffer)));
  } finally {
    await compiled.release();
  }
}
