import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { currentEngine, evaluationCounts, useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { createTraining } from './training.js';

/** Resident memory of a long training, measured after a collection: it must stay flat. */
export async function benchStepMemory({ batch, threads }: BenchOptions): Promise<void> {
  const engine = process.env['LOSSWORKS_ENGINE'] ? await currentEngine() : await useEngine('onnx', { threads });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const step = await createTraining(batch);
  const resident = async (): Promise<number> => {
    // Finalizers of native memory run between turns of the event loop.
    for (let i = 0; i < 3; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process.memoryUsage().rss / 2 ** 20;
  };
  let first = 0;
  for (let i = 1; i <= 3000; i++) {
    await step();
    if (i % 500 !== 0) continue;
    const now = await resident();
    if (i === 500) first = now;
    console.log(`step ${String(i).padStart(4)}: ${now.toFixed(1)} MB resident, ${(now - first).toFixed(1)} MB since step 500, ${evaluationCounts().compilations} program(s) compiled on ${engine.name}`);
  }
}
