import { defaultLogger, type Logger } from '../logger.js';
import type { BatchEndCallback } from './callback.js';

/** How many batches there are, and how wide the bar is, in characters. */
export interface ProgressBarOptions {
  /** Batches of an epoch. */
  total: number;
  /** Characters of the bar; 80 unless told. */
  length: number;
  /** Where the bar goes; `console.log` unless told. */
  logger: Logger;
}

const defaults: Omit<ProgressBarOptions, 'total'> = { length: 80, logger: defaultLogger };

/** A batch callback that logs a bar of how far the epoch is, in MXNet's form (MXNet `ProgressBar`). */
export function progressBar(options: Pick<ProgressBarOptions, 'total'> & Partial<ProgressBarOptions>): BatchEndCallback {
  const { total, length, logger } = { ...defaults, ...options };
  return ({ nbatch }) => {
    const filled = roundHalfToEven((length * nbatch) / total);
    const percent = Math.ceil((100 * nbatch) / total);
    logger(`[${'='.repeat(filled)}${'-'.repeat(Math.max(0, length - filled))}] ${percent}%\r`);
  };
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}
