import { createInterface } from 'node:readline';
import { evaluationCounts, useEngine } from '@lossworks/ndarray';
import { createStyleIteration } from './style-training.js';

// Started as `node style-contender.js ENGINE SIZE THREADS FOLDER`; writes the network for the peer into the folder, then runs as many iterations as each line says.
const [engineName = 'onnx', size = '256', threads = '2', folder] = process.argv.slice(2);
await useEngine(engineName, { threads: Number(threads) });
const { iterate } = await createStyleIteration(Number(size), folder);
const before = evaluationCounts();
console.log(JSON.stringify({ ready: engineName }));
for await (const line of createInterface({ input: process.stdin })) {
  const times: number[] = [];
  let loss = 0;
  for (let i = 0; i < Number(line); i++) {
    const start = performance.now();
    loss = await iterate();
    times.push(performance.now() - start);
  }
  const { compilations } = evaluationCounts();
  console.log(JSON.stringify({ times, loss, compilations: compilations - before.compilations, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
}
