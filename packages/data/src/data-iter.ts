import type { DataBatch } from './data-batch.js';
import type { DataDesc } from './data-desc.js';

/** Position and order of an iterator; JSON can hold it. */
export type DataIterState = Readonly<Record<string, unknown>>;

/**
 * A source of batches (MXNet `DataIter`). `next` gives undefined at the end of an epoch and goes on doing so until `reset`; iterating with `for
 * await` neither resets before nor after.
 */
export abstract class DataIter implements AsyncIterable<DataBatch> {
  /** Samples of a batch, those included that only fill it. */
  abstract readonly batchSize: number;
  /** Name, shape and element type of what a batch's `data` holds. */
  abstract readonly provideData: readonly DataDesc[];
  /** Name, shape and element type of what a batch's `label` holds. */
  abstract readonly provideLabel: readonly DataDesc[];

  /** Whether a batch may hold padding (`pad`) behind its samples; true unless an iterator knows better. */
  get padsBatches(): boolean {
    return true;
  }

  /** The next batch; undefined at the end of the epoch. */
  abstract next(): DataBatch | undefined | Promise<DataBatch | undefined>;

  /** Begins the next epoch. */
  abstract reset(): void | Promise<void>;

  /**
   * Where the iterator stands, to go on exactly there later.
   *
   * @throws Error unless the iterator has one of its own: it cannot say then.
   */
  state(): DataIterState {
    throw new Error(`${this.constructor.name}: this iterator cannot say where it stands; give it state() and restore(), or resume at the start of an epoch`);
  }

  /**
   * Goes on where `state` was called.
   *
   * @throws Error unless the iterator has one of its own, and for the state of other data.
   */
  restore(_state: DataIterState): void {
    throw new Error(`${this.constructor.name}: this iterator cannot be restored; give it state() and restore(), or resume at the start of an epoch`);
  }

  /** The batches that are left of this epoch. */
  async *[Symbol.asyncIterator](): AsyncIterator<DataBatch> {
    for (let batch = await this.next(); batch; batch = await this.next()) yield batch;
  }
}
