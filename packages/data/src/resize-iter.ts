import type { DataBatch } from './data-batch.js';
import type { DataDesc } from './data-desc.js';
import { DataIter, type DataIterState } from './data-iter.js';

/** Epochs of `size` batches, whatever the length of the iterator inside: it is reset and goes on where it is too short (MXNet `ResizeIter`). */
export class ResizeIter extends DataIter {
  private delivered = 0;

  /**
   * `inner` gives the batches, `size` of them an epoch.
   *
   * @param resetInternal whether the iterator inside begins anew with each epoch, or goes on where it stood.
   * @throws RangeError for a `size` that is no whole number of at least 0.
   */
  constructor(
    private readonly inner: DataIter,
    private readonly size: number,
    private readonly resetInternal = true,
  ) {
    super();
    if (!Number.isInteger(size) || size < 0) throw new RangeError(`ResizeIter: size is ${size}; give a whole number of batches`);
  }

  /** Samples of a batch, as inside. */
  get batchSize(): number {
    return this.inner.batchSize;
  }

  /** Whether a batch may hold padding, as inside. */
  override get padsBatches(): boolean {
    return this.inner.padsBatches;
  }

  /** What `data` holds, as inside. */
  get provideData(): readonly DataDesc[] {
    return this.inner.provideData;
  }

  /** What `label` holds, as inside. */
  get provideLabel(): readonly DataDesc[] {
    return this.inner.provideLabel;
  }

  /**
   * The next batch; undefined after `size` of them.
   *
   * @throws Error where the iterator inside has no batch, not even after a reset.
   */
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

  /** Begins the next epoch. */
  async reset(): Promise<void> {
    this.delivered = 0;
    if (this.resetInternal) await this.inner.reset();
  }

  /**
   * Batches given in this epoch, and where the iterator inside stands.
   *
   * @throws Error where that one cannot say.
   */
  override state(): DataIterState {
    return { delivered: this.delivered, inner: this.inner.state() };
  }

  /**
   * Goes on where `state` was called.
   *
   * @throws Error for a state of another size, and as the iterator inside does.
   */
  override restore(state: DataIterState): void {
    const { delivered, inner } = state as { delivered: number; inner: DataIterState };
    if (!Number.isInteger(delivered) || delivered < 0 || delivered > this.size) {
      throw new Error(`ResizeIter: the saved state has delivered ${delivered} batches of ${this.size}; it belongs to another iterator`);
    }
    this.inner.restore(inner);
    this.delivered = delivered;
  }
}
