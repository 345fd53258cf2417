import type { DataIter, HostArray } from '@lossworks/data';
import { type Batch, batchSizeOf } from './batch.js';

/**
 * How many samples of a batch are real, or undefined where the iterator never pads.
 *
 * For an iterator that can pad, every batch has a number: with and without one would be two programs.
 */
export function validRowsOf(batch: Batch, iterator: DataIter): number | undefined {
  return iterator.padsBatches ? batchSizeOf(batch) - (batch.pad ?? 0) : undefined;
}

/** The real samples of an output: its leading ones. */
export function leadingRows(array: HostArray, batchSize: number, validRows: number): HostArray {
  return rowsBetween(array, batchSize, 0, validRows);
}

/**
 * Some samples of an output or a label. Its first axis is the batch, or a multiple of it with the samples outermost; anything else, such as a loss
 * of shape [1], stays.
 */
export function rowsBetween({ data, shape }: HostArray, batchSize: number, begin: number, end: number): HostArray {
  const [rows, ...rest] = shape;
  if (rows === undefined || rows < batchSize || rows % batchSize !== 0 || (begin === 0 && end === batchSize)) return { data, shape };
  const perSample = data.length / batchSize;
  return { data: data.subarray(begin * perSample, end * perSample), shape: [(rows / batchSize) * (end - begin), ...rest] };
}
