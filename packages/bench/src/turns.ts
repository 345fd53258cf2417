import { array, RandomGenerator, read, useEngine } from '@lossworks/ndarray';
import { lenetModule } from './lenet.js';
import type { BenchOptions } from './main.js';
import { median } from './statistics.js';

type Pass = () => Promise<unknown>;

/** Two programs that take turns, a training step of LeNet and its evaluation, beside each by itself: an engine must not make them pay for one another. */
export async function benchTurns({ batch, rounds, steps, threads }: BenchOptions): Promise<void> {
  await useEngine('onnx', { threads });
  const passes = passesOf(batch);
  const [alone, inTurns] = [passes.map((): number[] => []), passes.map((): number[] => [])];
  for (let round = -1; round < rounds; round++) {
    for (const [i, pass] of passes.entries()) {
      const times = await run([pass], steps);
      if (round >= 0) alone[i]!.push(...times[0]!);
    }
    const times = await run(passes, steps);
    if (round >= 0) times.forEach((each, i) => inTurns[i]!.push(...each));
  }
  console.log(`training step and evaluation of LeNet, batch ${batch}, ${threads} threads, ${rounds} rounds of ${steps}; median ms\n\n              alone   in turns`);
  ['training', 'evaluation'].forEach((name, i) => {
    const [one, other] = [median(alone[i]!), median(inTurns[i]!)];
    console.log(`${name.padEnd(12)}${one.toFixed(2).padStart(7)}${other.toFixed(2).padStart(11)}   ${(other / one).toFixed(2)}×`);
  });
}

function passesOf(batch: number): readonly Pass[] {
  const module = lenetModule(batch);
  module.initOptimizer({ optimizerOptions: { learningRate: 1e-3, momentum: 0.9 } });
  const fed = { data: [new RandomGenerator(1).uniform([batch, 1, 28, 28])], label: [array(Float32Array.from({ length: batch }, (_, i) => i % 10))] };
  return [
    async () => {
      await module.trainStep(fed);
      await read(module.getOutputs());
    },
    async () => {
      await module.forward(fed, { isTrain: false });
      await read(module.getOutputs());
    },
  ];
}

/** Times of each, one after the other; without those of the first turn, which finds the caches as others left them. */
async function run(passes: readonly Pass[], steps: number): Promise<number[][]> {
  const times = passes.map((): number[] => []);
  for (let step = 0; step <= steps; step++) {
    for (const [i, pass] of passes.entries()) {
      const start = performance.now();
      await pass();
      if (step > 0) times[i]!.push(performance.now() - start);
    }
  }
  return times;
}
