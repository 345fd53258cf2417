import { Mixed, MSRAPrelu, Normal, type Initializer } from '@lossworks/module';
import type { NDArray } from '@lossworks/ndarray';
import { FactorScheduler } from '@lossworks/optim';

const learningRate = 0.02;

/** Steps that run as one program: a tenth of the time passes between two runs. The numbers are the same. */
export const stepsPerExecution = 4;

/**
 * The rate falls by the number of steps alone, so that a longer training begins exactly like a shorter one. The graph divides the gradients already, so the optimizer does
 * not: `rescaleGradient` is 1 (one over the number of devices in MXNet's example).
 */
export function optimizerOptions() {
  return {
    learningRate,
    momentum: 0.9,
    weightDecay: 5e-4,
    rescaleGradient: 1,
    clipGradient: 5,
    scheduler: new FactorScheduler({ baseLearningRate: learningRate, warmupSteps: 200, step: 500, factor: 0.75, stopLearningRate: 1e-4 }),
  };
}

/** The last layers begin near 0, as in MXNet's example: every class as likely, every box where its region is. */
export function initializer(): Initializer {
  return new Mixed([
    ['cls_score', new Normal({ sigma: 0.01 })],
    ['bbox_pred', new Normal({ sigma: 0.001 })],
    ['.*', new MSRAPrelu({ factorType: 'in', slope: 0 })],
  ]);
}

// Of all pixels of the training scenes.
const meanPixel = 54;
const pixelDeviation = 55;

/** Bytes as the network takes them: mean 0, deviation 1. Recorded, so it runs inside the compiled step. */
export function standardized(bytes: NDArray): NDArray {
  return bytes.cast('float32').sub(meanPixel).div(pixelDeviation);
}
