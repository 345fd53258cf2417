import type { Engine, EngineBuffer, Program } from '@lossworks/ndarray';
import { vi } from 'vitest';

/** Tells every run of programs that are compiled from now on, with the spare buffers it is given; `vi.restoreAllMocks` ends it. */
export function watchRuns(engine: Engine, saw: (program: Program, spares: readonly (EngineBuffer | undefined)[]) => void): void {
  const compile = engine.compile.bind(engine);
  vi.spyOn(engine, 'compile').mockImplementation(async (program) => {
    const compiled = await compile(program);
    const run = compiled.run.bind(compiled);
    return Object.assign(compiled, {
      run: (inputs: readonly EngineBuffer[], spares: readonly (EngineBuffer | undefined)[] = []) => {
        saw(program, spares);
        return run(inputs, spares);
      },
    });
  });
}
