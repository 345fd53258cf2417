import { fileURLToPath } from 'node:url';
import type { Command } from './contenders.js';
import { contest } from './contest.js';
import type { BenchOptions } from './main.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Times a whole training step of the MNIST network: forward, backward, update of weights and centers, loss read. */
export async function benchStep(options: BenchOptions): Promise<void> {
  const rows = await contest(`Training step, batch ${options.batch}`, commands(options), options);
  const [engine, byHand] = ['tfjs:node', 'tfjs-node'].map((wanted) => rows.find(({ name }) => name === wanted));
  if (engine && byHand) console.log(`\ntfjs:node takes ${(engine.medianMs / byHand.medianMs).toFixed(2)} times as long as code written for TensorFlow.js by hand.`);
}

/** Engines and peers, each started as a process of its own. */
function commands({ batch, threads, python }: BenchOptions): Command[] {
  const sizes = [String(batch), String(threads)];
  return [
    ...['onnx', 'onnx-web', 'tfjs:node', 'tfjs:wasm'].map((engine) => ({ name: engine, command: process.execPath, args: [file('./contender.js'), 'step', engine, ...sizes] })),
    { name: 'pytorch', command: python, args: [file('../peers/step_torch.py'), ...sizes] },
    { name: 'pytorch-compile', command: python, args: [file('../peers/step_torch.py'), ...sizes, 'compile'] },
    { name: 'tfjs-node', command: process.execPath, args: [file('../peers/step-tfjs.mjs'), ...sizes] },
  ];
}
