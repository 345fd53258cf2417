import { simpleBind } from '@lossworks/graph';
import { ones, RandomGenerator, useEngine, waitAll } from '@lossworks/ndarray';
import { inceptionNetwork } from '@lossworks/testing';
import { memoryRows, type MemoryRow } from './memory.js';

// Started as `node memory-contender.js ROW BATCH THREADS`: one process for one way of running, since the peak of its memory cannot be taken back.
async function measure({ isTrain, recompute, readsBetween }: MemoryRow, batch: number, threads: number): Promise<{ readonly megabytes: number; readonly milliseconds: number }> {
  await useEngine('onnx', { threads });
  // The engine itself, and what a first program brings along, belong to the baseline.
  await ones([2]).add(1).data();
  const baseline = process.memoryUsage().rss;
  const executor = simpleBind(inceptionNetwork(), { shapes: { data: [batch, 3, 112, 112] }, gradReq: isTrain ? 'write' : 'null', recompute });
  const random = new RandomGenerator(1);
  for (const array of executor.argArrays) array.assign(random.normal(array.shape, 0, 0.05));
  let milliseconds = 0;
  for (let step = 0; step < 4; step++) {
    const start = performance.now();
    await executor.forward({ isTrain });
    if (readsBetween) await executor.outputs[0]!.data();
    if (isTrain) await executor.backward(ones([batch, 10]));
    await executor.outputs[0]!.data();
    await waitAll();
    milliseconds = performance.now() - start;
  }
  return { megabytes: (process.resourceUsage().maxRSS * 1024 - baseline) / 2 ** 20, milliseconds };
}

const [row, batch, threads] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await measure(memoryRows[row!]!, batch!, threads!)));
