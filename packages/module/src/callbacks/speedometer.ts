import { defaultLogger, fixed, type Logger } from '../logger.js';
import type { BatchEndCallback } from './callback.js';

/** Samples a batch, and every how many batches a line is logged (MXNet `Speedometer`). */
export interface SpeedometerOptions {
  /** Samples a batch. */
  batchSize: number;
  /** Batches between two lines; 50 unless told. */
  frequent: number;
  /** Whether each line tells of the batches since the last one, true unless told; the value of the epoch is not touched. */
  autoReset: boolean;
  /** Where lines go; `console.log` unless told. */
  logger: Logger;
  /** A clock in milliseconds; `performance.now` unless told. */
  now: () => number;
}

const defaults: Omit<SpeedometerOptions, 'batchSize'> = { frequent: 50, autoReset: true, logger: defaultLogger, now: () => performance.now() };

/** A batch callback that logs samples a second and the metric every few batches, in MXNet's words (MXNet `Speedometer`). */
export function speedometer(options: Pick<SpeedometerOptions, 'batchSize'> & Partial<SpeedometerOptions>): BatchEndCallback {
  const { batchSize, frequent, autoReset, logger, now } = { ...defaults, ...options };
  let since: number | undefined;
  let last = 0;
  return ({ epoch, nbatch, evalMetric }) => {
    // A smaller number of batches means another epoch. Its first call only starts the clock.
    if (last > nbatch) since = undefined;
    last = nbatch;
    if (since === undefined) {
      since = now();
      return;
    }
    if (nbatch % frequent !== 0) return;
    const speed = fixed((frequent * batchSize * 1000) / (now() - since), 2);
    if (evalMetric) {
      const values = evalMetric.getNameValue().map(([name, value]) => `\t${name}=${fixed(value)}`);
      if (autoReset) evalMetric.resetLocal();
      logger(`Epoch[${epoch}] Batch [${autoReset ? nbatch - frequent : 0}-${nbatch}]\tSpeed: ${speed} samples/sec${values.join('')}`);
    } else {
      logger(`Iter[${epoch}] Batch [${nbatch}]\tSpeed: ${speed} samples/sec`);
    }
    since = now();
  };
}
