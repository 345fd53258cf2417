import { useEngine, type Engine, type Program } from '@lossworks/ndarray';
import { runProgram } from './run-program.js';

/** What a busy machine may take to load an engine. */
export const engineStartMilliseconds = 60_000;

const trivial: Program = {
  inputs: [{ shape: [1], dtype: 'float32' }],
  steps: [{ primitive: 'neg', attributes: {}, operands: [0], shape: [1], dtype: 'float32' }],
  outputs: [1],
};

/** The engine with one thread, its library loaded by a first program, so that no test's time pays for that. */
export async function startEngine(name: string): Promise<Engine> {
  const engine = await useEngine(name, { threads: 1 });
  await runProgram(engine, trivial, [[1]]);
  return engine;
}
