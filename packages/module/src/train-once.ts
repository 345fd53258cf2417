import type { NDArray, RandomGenerator } from '@lossworks/ndarray';
import type { Evaluation } from '@lossworks/optim';
import type { Trainer } from './trainer.js';
import type { Workers } from './workers.js';

/**
 * One step of an algorithm that evaluates more than once. Every evaluation begins with the same random numbers and auxiliary states, and what the first one made
 * of these and of the outputs is what stays: a batch is seen once, whatever the algorithm tries.
 */
export async function trainOnce(step: NonNullable<Trainer['step']>, evaluate: () => Promise<Evaluation>, random: RandomGenerator, workers: Workers): Promise<void> {
  const seed = random.state;
  const toStart = keeping(workers.allStates);
  let toFirst: (() => void) | undefined;
  await step(async () => {
    if (toFirst) {
      random.restore(seed);
      toStart();
    }
    const evaluation = await evaluate();
    toFirst ??= keeping([...workers.allStates, ...workers.parts.flatMap(({ executor }) => executor.outputs)]);
    return evaluation;
  });
  toFirst?.();
}

/** Gives the arrays back, when called, what they hold now. */
function keeping(arrays: readonly NDArray[]): () => void {
  const kept = arrays.map((array) => array.snapshot());
  return () => arrays.forEach((array, i) => array.assign(kept[i]!));
}
