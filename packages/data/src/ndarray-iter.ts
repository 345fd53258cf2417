import { array, formatShape, type NDArray, placeholder } from '@lossworks/ndarray';
import { BatchOrder, type BatchOrderState, type LastBatchHandle, type RowBatch } from './batch-order.js';
import type { DataBatch } from './data-batch.js';
import { DataDesc } from './data-desc.js';
import { DataIter, type DataIterState } from './data-iter.js';
import { allocateLike, type ArraySource, dtypeOf, type HostArray } from './host-array.js';
import { namedSources, readSources, type Sources } from './named-sources.js';

/** Options of `NDArrayIter`; defaults and the three ways to end an epoch are those of MXNet `NDArrayIter`. */
export interface NDArrayIterOptions {
  /** Samples of a batch, at least 1; 1 unless told. */
  batchSize: number;
  /** Permutes the rows at construction and again at every reset; false unless told. */
  shuffle: boolean;
  /** What becomes of the samples that do not fill a last batch; 'pad' unless told. */
  lastBatchHandle: LastBatchHandle;
  /** Name of a single data source, 'data' unless told; of several in a list with `_0_`, `_1_` … before it. */
  dataName: string;
  /** Name of a single label source, 'softmax_label' unless told; of several in a list with `_0_`, `_1_` … before it. */
  labelName: string;
  /** Layout in the descriptions, one letter an axis; 'NCHW' unless told. */
  layout: string;
  /** Of the shuffle; 0 unless told. */
  seed: number;
  /**
   * Recorded on every batch of data, so that it runs inside the compiled step: bytes fed as bytes, say, and cast there. The batch axis must stay.
   */
  transform: (batch: NDArray, name: string) => NDArray;
}

const defaults: NDArrayIterOptions = {
  batchSize: 1,
  shuffle: false,
  lastBatchHandle: 'pad',
  dataName: 'data',
  labelName: 'softmax_label',
  layout: 'NCHW',
  seed: 0,
  transform: (batch) => batch,
};

const handles: readonly LastBatchHandle[] = ['pad', 'discard', 'rollOver'];

interface Source extends HostArray {
  readonly name: string;
}

/**
 * Batches of arrays in memory (MXNet `NDArrayIter`). Elements are handed to the engine as they are: batches that follow each other in memory are not
 * even copied, so do not change the sources afterwards.
 */
export class NDArrayIter extends DataIter implements Iterable<DataBatch> {
  /** Samples of a batch, those included that only fill it. */
  readonly batchSize: number;
  /** What `data` holds: shapes and element types after `transform`. */
  readonly provideData: readonly DataDesc[];
  /** What `label` holds. */
  readonly provideLabel: readonly DataDesc[];
  /** Number of samples in the sources. */
  readonly rows: number;
  private readonly data: readonly Source[];
  private readonly label: readonly Source[];
  private readonly transform: NDArrayIterOptions['transform'];
  private readonly order: BatchOrder;
  private readonly lastBatchHandle: LastBatchHandle;

  /**
   * Sources are `[samples, …]`, all with as many samples; float64 and nested lists become float32.
   *
   * @throws RangeError where sources differ in their number of samples, have none, or cannot fill a batch that must be full, or for a batch size or
   * handle that is none; TypeError for other element types.
   */
  constructor(data: Sources, label: Sources | undefined = undefined, options: Partial<NDArrayIterOptions> = {}) {
    super();
    const { batchSize, shuffle, lastBatchHandle, dataName, labelName, layout, seed, transform } = { ...defaults, ...options };
    this.data = namedSources(data, dataName);
    this.label = label === undefined ? [] : namedSources(label, labelName);
    this.rows = commonRows([...this.data, ...this.label]);
    if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`NDArrayIter: batchSize is ${batchSize}; give a whole number of at least 1`);
    if (!handles.includes(lastBatchHandle)) {
      throw new RangeError(`NDArrayIter: lastBatchHandle "${lastBatchHandle}" is unknown; choose one of ${handles.join(', ')}`);
    }
    if (lastBatchHandle === 'rollOver' && this.rows < batchSize) {
      throw new RangeError(`NDArrayIter: ${this.rows} rows do not fill a batch of ${batchSize}, and rollOver adds none; use pad, or batches of at most ${this.rows}`);
    }
    this.batchSize = batchSize;
    this.lastBatchHandle = lastBatchHandle;
    this.transform = transform;
    this.order = new BatchOrder({ rows: this.rows, batchSize, shuffle, lastBatchHandle, seed });
    const describe = (transformed: boolean) => (source: Source) => {
      const raw = placeholder([batchSize, ...source.shape.slice(1)], dtypeOf(source.data));
      const { shape, dtype } = transformed ? transform(raw, source.name) : raw;
      return new DataDesc(source.name, shape, dtype, layout);
    };
    this.provideData = this.data.map(describe(true));
    this.provideLabel = this.label.map(describe(false));
  }

  /**
   * As the constructor, for sources that may be arrays of an engine, whose elements have to be read first.
   *
   * @throws as the constructor does.
   */
  static async read(
    data: Sources<ArraySource | NDArray>,
    label?: Sources<ArraySource | NDArray>,
    options?: Partial<NDArrayIterOptions>,
  ): Promise<NDArrayIter> {
    const { dataName, labelName } = { ...defaults, ...options };
    return new NDArrayIter(await readSources(data, dataName), label && (await readSources(label, labelName)), options);
  }

  /** Whether the last batch holds padding: with 'pad', where the rows do not fill it. */
  override get padsBatches(): boolean {
    return this.lastBatchHandle === 'pad' && this.rows % this.batchSize !== 0;
  }

  /** The next batch; undefined at the end of the epoch. */
  next(): DataBatch | undefined {
    const batch = this.order.next();
    if (!batch) return undefined;
    const hostLabel = this.label.map((source) => takeRows(source, batch));
    return {
      data: this.data.map((source) => this.transform(toArray(takeRows(source, batch)), source.name)),
      label: hostLabel.map(toArray),
      hostLabel,
      pad: batch.pad,
      index: batch.rows,
      provideData: this.provideData,
      provideLabel: this.provideLabel,
    };
  }

  /** Begins the next epoch, shuffled anew where told; `rollOver` carries over what was left. */
  reset(): void {
    this.order.reset();
  }

  /** As `reset`, but `rollOver` carries nothing over. */
  hardReset(): void {
    this.order.hardReset();
  }

  /** Order, position and generator: as many numbers as rows where they are shuffled. */
  override state(): DataIterState {
    return { ...this.order.state() };
  }

  /**
   * Goes on where `state` was called.
   *
   * @throws Error where the state is that of other data or options.
   */
  override restore(state: DataIterState): void {
    this.order.restore(state as unknown as BatchOrderState);
  }

  /** The batches that are left of this epoch. */
  *[Symbol.iterator](): Iterator<DataBatch> {
    for (let batch = this.next(); batch; batch = this.next()) yield batch;
  }
}

function toArray({ data, shape }: HostArray): NDArray {
  return array(data, { shape });
}

/** Neighbouring rows as a view, others as a copy, row by row. */
function takeRows({ data, shape }: HostArray, { rows, start }: RowBatch): HostArray {
  const length = shape.slice(1).reduce((product, dimension) => product * dimension, 1);
  const taken = [rows.length, ...shape.slice(1)];
  if (start !== undefined) return { data: data.subarray(start * length, (start + rows.length) * length), shape: taken };
  const copy = allocateLike(data, rows.length * length);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * length;
    copy.set(data.subarray(from, from + length), i * length);
  }
  return { data: copy, shape: taken };
}

function commonRows(sources: readonly Source[]): number {
  const [first] = sources;
  if (!first) throw new RangeError('NDArrayIter: there is no data; give at least one array');
  for (const source of sources) {
    if (source.shape.length === 0) throw new RangeError(`NDArrayIter: ${source.name} is a single number; its first axis must be the samples`);
    if (source.shape[0] !== first.shape[0]) {
      throw new RangeError(
        `NDArrayIter: ${source.name} has shape ${formatShape(source.shape)}, ${first.name} ${formatShape(first.shape)}; the first axis, the samples, must agree`,
      );
    }
  }
  if (first.shape[0] === 0) throw new RangeError(`NDArrayIter: ${first.name} has shape ${formatShape(first.shape)}: there are no samples`);
  return first.shape[0]!;
}
