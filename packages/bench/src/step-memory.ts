import { currentEngine, evaluationCounts, useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { residentMegabytes } from './resident.js';
import { createTraining } from './training.js';

/** Resident memory of a long training, measured after a collection: it must stay flat. */
export async function benchStepMemory({ batch, threads }: BenchOptions): Promise<void> {
  const engine = process.env['LOSSWORKS_ENGINE'] ? await currentEngine() : await useEngine('onnx', { threads });
  const step = createTraining(batch);
  let first = 0;
  for (let i = 1; i <= 3000; i++) {
    await step();
    if (i % 500 !== 0) continue;
    const now = await residentMegabytes();
    if (i === 500) first = now;
    console.log(`step ${String(i).padStart(4)}: ${now.toFixed(1)} MB resident, ${(now - first).toFixed(1)} MB since step 500, ${evaluationCounts().compilations} program(s) compiled on ${engine.name}`);
  }
}
