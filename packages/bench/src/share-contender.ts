import { createInterface } from 'node:readline';
import { useEngine } from '@lossworks/ndarray';
import { lenetTraining, type OptimizerName } from './lenet-training.js';

// Started as `node share-contender.js OPTIMIZER THREADS`; for every line with a number on standard input it runs as many steps of a training, and as many of the same without its
// update beside, and answers with the milliseconds of both as one line of JSON.
const [optimizer = 'sgd', threads = '2'] = process.argv.slice(2);
await useEngine('onnx', { threads: Number(threads) });
const [whole, part] = [lenetTraining(optimizer as OptimizerName), lenetTraining()];
console.log(JSON.stringify({ ready: 'lossworks' }));
for await (const line of createInterface({ input: process.stdin })) {
  const [times, without]: [number[], number[]] = [[], []];
  const timed = async (run: () => Promise<unknown>, into: number[]): Promise<void> => {
    const start = performance.now();
    await run();
    into.push(performance.now() - start);
  };
  for (let step = 0; step < Number(line); step++) {
    if (step % 2 === 1) await timed(part, without);
    await timed(whole, times);
    if (step % 2 === 0) await timed(part, without);
  }
  console.log(JSON.stringify({ times, loss: 0, without }));
}
