import type { DataBatch, DataIter, HostArray } from '@lossworks/data';
import { array, formatShape, type NDArray, read, sameShape } from '@lossworks/ndarray';
import { batchSizeOf } from './batch.js';
import type { Module } from './module.js';
import { leadingRows, validRowsOf } from './padding.js';

/** What `module.predict` and `iterPredict` take (MXNet `BaseModule.predict`). */
export interface PredictOptions {
  /** Batches at most; all unless told (MXNet `num_batch`). */
  readonly numBatch?: number;
  /** Whether the iterator begins anew; true unless told. */
  readonly reset?: boolean;
  /** Whether a single output comes in a list too; false unless told. */
  readonly alwaysOutputList?: boolean;
}

/** One batch's outputs without padding. */
export interface BatchPrediction {
  /** The network's outputs, in the order of `outputNames`, `[valid rows, …]`. */
  readonly outputs: readonly NDArray[];
  /** Counted from 0. */
  readonly nbatch: number;
  /** What was fed. */
  readonly batch: DataBatch;
}

export async function predict(module: Module, data: DataIter, options: PredictOptions): Promise<NDArray | NDArray[]> {
  const parts: HostArray[][] = module.outputNames.map(() => []);
  for await (const { outputs } of predictions(module, data, options)) outputs.forEach((output, i) => parts[i]!.push(output));
  const joined = parts.map((of, i) => joinRows(of, module.outputNames[i]!));
  return joined.length === 1 && !options.alwaysOutputList ? joined[0]! : joined;
}

export async function* iterPredict(module: Module, data: DataIter, options: PredictOptions): AsyncGenerator<BatchPrediction> {
  for await (const { outputs, ...rest } of predictions(module, data, options)) yield { outputs: outputs.map(({ data: numbers, shape }) => array(numbers, { shape })), ...rest };
}

async function* predictions(module: Module, data: DataIter, { numBatch = Number.POSITIVE_INFINITY, reset = true }: PredictOptions) {
  if (reset) await data.reset();
  let nbatch = 0;
  for (let batch = await data.next(); batch && nbatch < numBatch; batch = await data.next()) {
    const validRows = validRowsOf(batch, data);
    await module.forward(batch, { isTrain: false, ...(validRows !== undefined && { validRows }) });
    const outputs = module.getOutputs();
    const numbers = await read(outputs);
    const size = batchSizeOf(batch);
    yield { outputs: outputs.map(({ shape }, i) => leadingRows({ data: numbers[i]!, shape }, size, validRows ?? size)), nbatch, batch };
    nbatch++;
  }
}

function joinRows(parts: readonly HostArray[], name: string): NDArray {
  const [first] = parts;
  if (!first) throw new Error('predict: the iterator gave no batch; let it begin anew with reset: true, or give it samples');
  const [, ...rest] = first.shape;
  const other = parts.find(({ shape }) => shape.length === 0 || !sameShape(shape.slice(1), rest));
  if (other) {
    throw new RangeError(`predict: ${name} has shape ${formatShape(first.shape)} in one batch, ${formatShape(other.shape)} in another; they cannot be joined: use iterPredict`);
  }
  const joined = new Float32Array(parts.reduce((length, { data }) => length + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    joined.set(data, at);
    at += data.length;
  }
  return array(joined, { shape: [parts.reduce((rows, { shape }) => rows + shape[0]!, 0), ...rest] });
}
