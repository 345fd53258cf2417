import type { DataIter } from '@lossworks/data';
import { create, type MetricSource } from '@lossworks/metrics';
import { announce, type BatchEndCallback, type OneOrMore } from './callbacks/callback.js';
import type { Module } from './module.js';
import { validRowsOf } from './padding.js';

/** What `module.score` takes (MXNet `BaseModule.score`). */
export interface ScoreOptions {
  /** Batches at most; all unless told (MXNet `num_batch`). */
  readonly numBatch?: number;
  /** Whether the iterator begins anew; true unless told. */
  readonly reset?: boolean;
  /** What callbacks are told; 0 unless told. */
  readonly epoch?: number;
  /**
   * Whether samples that only fill the last batch count. False unless told, which gives the true value; true gives MXNet's.
   */
  readonly countPadding?: boolean;
  /** Called after every batch. */
  readonly batchEndCallback?: OneOrMore<BatchEndCallback>;
  /** Called once at the end, with the number of batches. */
  readonly scoreEndCallback?: OneOrMore<BatchEndCallback>;
}

export async function score(
  module: Module,
  data: DataIter,
  source: MetricSource,
  { numBatch = Number.POSITIVE_INFINITY, reset = true, epoch = 0, countPadding = false, batchEndCallback, scoreEndCallback }: ScoreOptions,
): Promise<[name: string, value: number][]> {
  const metric = create(source);
  if (reset) await data.reset();
  metric.reset();
  let nbatch = 0;
  for (let batch = await data.next(); batch && nbatch < numBatch; batch = await data.next()) {
    const validRows = countPadding ? undefined : validRowsOf(batch, data);
    const rows = validRows === undefined ? {} : { validRows };
    await module.forward(batch, { isTrain: false, ...rows });
    await module.updateMetric(metric, batch, rows);
    await announce(batchEndCallback, { epoch, nbatch, evalMetric: metric, locals: { module, batch } });
    nbatch++;
  }
  await announce(scoreEndCallback, { epoch, nbatch, evalMetric: metric, locals: { module } });
  return metric.getGlobalNameValue();
}
