import { currentEngine, evaluationCounts, useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { residentMegabytes } from './resident.js';
import { createStyleIteration } from './style-training.js';

/** Resident memory over 500 iterations of neural style, measured after a collection: it must stay flat. */
export async function benchStyleMemory({ threads }: Pick<BenchOptions, 'threads'>): Promise<void> {
  const engine = process.env['LOSSWORKS_ENGINE'] ? await currentEngine() : await useEngine('onnx', { threads });
  const { iterate } = await createStyleIteration(128);
  const before = evaluationCounts();
  let first = 0;
  for (let i = 1; i <= 500; i++) {
    await iterate();
    if (i !== 50 && i % 100 !== 0) continue;
    const now = await residentMegabytes();
    first ||= now;
    const { runs, compilations } = evaluationCounts();
    console.log(`iteration ${String(i).padStart(3)}: ${now.toFixed(1)} MB resident, ${(now - first).toFixed(1)} MB since iteration 50, ${runs - before.runs} runs of ${compilations - before.compilations} program(s) on ${engine.name}`);
  }
}
