import { createInterface } from 'node:readline';
import { useEngine } from '@lossworks/ndarray';
import { createRegionTraining } from './rcnn-training.js';
import { reportSteps } from './step-reporter.js';
import { createTraining } from './training.js';

// Started as `node contender.js TRAINING ENGINE BATCH THREADS [TOGETHER]`; for every line with a number on standard input it runs as many steps and answers with one line of JSON.
const [training = 'step', engineName = 'onnx', batch = '128', threads = '2', together = '1'] = process.argv.slice(2);
const trainings: { readonly [name: string]: (batch: number, together: number) => () => Promise<number> } = { step: createTraining, rcnn: (_, together) => createRegionTraining(together) };
const engine = await useEngine(engineName, { threads: Number(threads) });
const step = trainings[training]!(Number(batch), Number(together));
const packageName = 'packageName' in engine ? String(engine.packageName) : engine.name;
console.log(JSON.stringify({ ready: `${engineName} (${packageName})` }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ ...(await reportSteps(step, Number(line), Number(together))), residentMegabytes: process.memoryUsage().rss / 2 ** 20 }));
}
