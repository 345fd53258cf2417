import { createInterface } from 'node:readline';
import { profile, useEngine } from '@lossworks/ndarray';
import { createLossStep, type LossStep } from './loss-workloads.js';

// Started as `node loss-contender.js ENGINE THREADS`; for every line `LOSS STEPS` it runs as many steps of that loss and answers with one line of JSON, for
// `LOSS profile` with the times of the step's operators.
const [engineName = 'onnx', threads = '2'] = process.argv.slice(2);
const engine = await useEngine(engineName, { threads: Number(threads) });
const steps = new Map<string, LossStep>();
console.log(JSON.stringify({ ready: 'packageName' in engine ? String(engine.packageName) : engine.name }));
for await (const line of createInterface({ input: process.stdin })) {
  const [name, count] = line.split(' ') as [string, string];
  if (!steps.has(name)) steps.set(name, createLossStep(name));
  const step = steps.get(name)!;
  if (count === 'profile') {
    const { value, results } = await step();
    console.log(JSON.stringify({ times: [], loss: 0, profile: await profile([value, ...results], { runs: 30 }) }));
    await value.data();
    continue;
  }
  const times: number[] = [];
  let loss = 0;
  for (let i = 0; i < Number(count); i++) {
    const start = performance.now();
    loss = (await (await step()).value.data())[0]!;
    times.push(performance.now() - start);
  }
  console.log(JSON.stringify({ times, loss }));
}
