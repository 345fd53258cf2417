import { defaultLogger, fixed, type Logger } from '../logger.js';
import type { BatchEndCallback } from './callback.js';

/** When `logTrainMetric` logs. */
export interface LogTrainMetricOptions {
  /** Batches between two lines. */
  period: number;
  /** Whether the metric's local value begins anew after each line; false unless told. */
  autoReset: boolean;
  /** Where lines go; `console.log` unless told. */
  logger: Logger;
}

const defaults: Omit<LogTrainMetricOptions, 'period'> = { autoReset: false, logger: defaultLogger };

/** A batch callback that logs the metric every `period` batches, in MXNet's words (MXNet `log_train_metric`). */
export function logTrainMetric(options: Pick<LogTrainMetricOptions, 'period'> & Partial<LogTrainMetricOptions>): BatchEndCallback {
  const { period, autoReset, logger } = { ...defaults, ...options };
  return ({ epoch, nbatch, evalMetric }) => {
    if (nbatch % period !== 0 || !evalMetric) return;
    for (const [name, value] of evalMetric.getNameValue()) logger(`Iter[${epoch}] Batch[${nbatch}] Train-${name}=${fixed(value)}`);
    if (autoReset) evalMetric.resetLocal();
  };
}

/** A callback for the end of an evaluation that logs its metric, in MXNet's words (MXNet `LogValidationMetricsCallback`). */
export function logValidationMetrics({ logger = defaultLogger }: { readonly logger?: Logger } = {}): BatchEndCallback {
  return ({ epoch, evalMetric }) => {
    for (const [name, value] of evalMetric?.getNameValue() ?? []) logger(`Epoch[${epoch}] Validation-${name}=${fixed(value)}`);
  };
}
