import type { DataBatch } from './data-batch.js';
import type { DataDesc } from './data-desc.js';
import { DataIter, type DataIterState } from './data-iter.js';

/** Epochs of `size` batches, whatever the length of the iterator inside: it is reset and goes on where it is too short (MXNet `ResizeIter`). */
export class ResizeIter extends DataIter {
  private delivered = 0;

  /** @param resetInternal whether the iterator inside begins anew with each epoch, or goes on where it stood. */
  constructor(
    private readonly inner: DataIter,
    private readonly size: number,
    private readonly resetInternal = true,
  ) {
    super();
    if (!Number.isInteger(size) || size < 0) throw new RangeError(`ResizeIter: size is ${size}; give a whole number of batches`);
  }

  get batchSize(): number {
    return this.inner.batchSize;
  }

  override get padsBatches(): boolean {
    return this.inner.padsBatches;
  }

  get provideData(): readonly DataDesc[] {
    return this.inner.provideData;
  }

  get provideLabel(): readonly DataDesc[] {
    return this.inner.provideLabel;
  }

  async next(): Promise<DataBatch | undefined> {
    if (this.delivered === this.size) return undefined;
    let batch = await this.inner.next();
    if (!batch) {
      await this.inner.reset();
      batch = await this.inner.next();
      if (!batch) throw new Error('ResizeIter: the iterator inside has no batch, not even after a reset');
    }
    this.delivered++;
    return batch;
  }

  async reset(): Promise<void> {
    this.delivered = 0;
    if (this.resetInternal) await this.inner.reset();
  }

  override state(): DataIterState {
    return { delivered: this.delivered, inner: this.inner.state() };
  }

  override restore(state: DataIterState): void {
    const { delivered, inner } = state as { delivered: number; inner: DataIterState };
    if (!Number.isInteger(delivered) || delivered < 0 || delivered > this.size) {
      throw new Error(`ResizeIter: the saved state has delivered ${delivered} batches of ${this.size}; it belongs to another iterator`);
    }
    this.inner.restore(inner);
    this.delivered = delivered;
  }
}
