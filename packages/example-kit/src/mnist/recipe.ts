import { Xavier, type Initializer } from '@lossworks/module';
import type { NDArray } from '@lossworks/ndarray';
import { FactorScheduler } from '@lossworks/optim';

const learningRate = 0.04;

/**
 * Options of `sgd` for the network, in training and page alike. The rate, 0.04 after `warmupSteps` steps (200 unless told), falls by a quarter every
 * `stepsPerEpoch` steps alone, so that a longer training begins exactly like a shorter one.
 *
 * @throws RangeError for a number of steps below 1, or warm-up steps that are no whole number of at least 0.
 */
export function optimizerOptions(stepsPerEpoch: number, { warmupSteps = 200 } = {}) {
  return {
    learningRate,
    momentum: 0.9,
    weightDecay: 5e-4,
    // Center loss pulls hard while the classes still move apart. A gentle start and a limit keep steps from answering each other ever more strongly.
    clipGradient: 0.1,
    scheduler: new FactorScheduler({ baseLearningRate: learningRate, warmupSteps, step: stepsPerEpoch, factor: 0.75, stopLearningRate: 1e-4 }),
  };
}

/** Weights whose signals neither grow nor fade on the way to the two dimensions of the embedding (Glorot & Bengio 2010; MXNet `Xavier`). */
export function initializer(): Initializer {
  return new Xavier({ rndType: 'gaussian', factorType: 'avg', magnitude: 1 });
}

// Of all pixels of the training set.
const meanPixel = 33.3;
const pixelDeviation = 78.6;

/** Bytes of any shape as the network takes them: mean 0, deviation 1 over MNIST's training set, float32. Recorded, so it runs inside the compiled step. */
export function standardized(bytes: NDArray): NDArray {
  return bytes.cast('float32').sub(meanPixel).div(pixelDeviation);
}
