import { RandomGenerator, type RandomState } from '@lossworks/ndarray';

/**
 * What becomes of the samples that do not fill a last batch: `pad` completes it from the start, `discard` drops them, `rollOver` carries them into
 * the next epoch (MXNet `last_batch_handle`, where it is `roll_over`).
 */
export type LastBatchHandle = 'pad' | 'discard' | 'rollOver';

export interface BatchOrderOptions {
  readonly rows: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly lastBatchHandle: LastBatchHandle;
  readonly seed: number;
}

/** The rows of one batch. */
export interface RowBatch {
  readonly rows: Int32Array;
  /** The first row, where the rows follow each other in the source; else undefined. */
  readonly start: number | undefined;
  readonly pad: number;
}

export interface BatchOrderState {
  /** The rows in this epoch's order; null where they are not shuffled. */
  readonly order: readonly number[] | null;
  readonly cursor: number;
  readonly epoch: number;
  /** Rows carried over from the epoch before, to begin this one with. */
  readonly rolled: readonly number[];
  /** Rows to be carried over into the next epoch. */
  readonly carried: readonly number[];
  readonly random: RandomState;
}

const noRows = new Int32Array(0);

/** Which rows make which batch: the arithmetic of MXNet's `NDArrayIter`, without the arrays. */
export class BatchOrder {
  private readonly options: BatchOrderOptions;
  private readonly random: RandomGenerator;
  private order: Int32Array | null;
  /** The next unread place in the order. */
  private cursor = 0;
  private epoch = 0;
  /** Rows of the epoch before, for this epoch's first batch. */
  private rolled = noRows;
  /** Rows of this epoch, for the next one's first batch. */
  private carried = noRows;

  constructor(options: BatchOrderOptions) {
    this.options = options;
    this.random = new RandomGenerator(options.seed);
    this.order = options.shuffle ? this.random.permutation(options.rows) : null;
  }

  next(): RowBatch | undefined {
    const { rows, batchSize, lastBatchHandle } = this.options;
    if (this.cursor >= rows) return undefined;
    const rolled = this.rolled;
    const wanted = batchSize - rolled.length;
    const missing = this.cursor + wanted - rows;
    if (missing > 0 && lastBatchHandle !== 'pad') {
      if (lastBatchHandle === 'rollOver') this.carried = Int32Array.from({ length: rows - this.cursor }, (_, i) => this.rowAt(this.cursor + i));
      this.cursor = rows;
      return undefined;
    }
    const start = this.order === null && rolled.length === 0 && missing <= 0 ? this.cursor : undefined;
    const batch = new Int32Array(batchSize);
    batch.set(rolled);
    for (let i = rolled.length; i < batchSize; i++) batch[i] = this.rowAt((this.cursor + i - rolled.length) % rows);
    this.cursor += wanted;
    this.rolled = noRows;
    return { rows: batch, start, pad: Math.max(missing, rolled.length) };
  }

  /** The next epoch: another shuffle of the present order, and what an epoch read to its end has carried over. */
  reset(): void {
    const { order } = this;
    if (order) this.order = this.random.permutation(order.length).map((place) => order[place]!);
    this.rolled = this.carried;
    this.carried = noRows;
    this.cursor = 0;
    this.epoch++;
  }

  /** As `reset`, but carries nothing over. */
  hardReset(): void {
    this.carried = noRows;
    this.reset();
  }

  private rowAt(place: number): number {
    return this.order ? this.order[place]! : place;
  }

  state(): BatchOrderState {
    return {
      order: this.order && [...this.order],
      cursor: this.cursor,
      epoch: this.epoch,
      rolled: [...this.rolled],
      carried: [...this.carried],
      random: this.random.state,
    };
  }

  /** @throws Error where the state is that of another set of rows. */
  restore(state: BatchOrderState): void {
    const { rows, batchSize, shuffle } = this.options;
    if ((state.order !== null) !== shuffle) {
      throw new Error(`NDArrayIter: the state was saved with${shuffle ? 'out' : ''} shuffle, this iterator was made with${shuffle ? '' : 'out'}; make it as it was`);
    }
    if (state.order && (state.order.length !== rows || new Set(state.order).size !== rows || !state.order.every((row) => isBelow(row, rows)))) {
      throw new Error(`NDArrayIter: the saved order is not one of ${rows} rows (it has ${state.order.length}); restore it over the same data`);
    }
    const kept = [state.rolled, state.carried];
    if (!isBelow(state.cursor, rows + batchSize) || kept.some((list) => list.length >= batchSize || !list.every((row) => isBelow(row, rows)))) {
      throw new Error(`NDArrayIter: the saved position ${state.cursor} does not fit ${rows} rows in batches of ${batchSize}; restore it over the same data`);
    }
    this.order = state.order && Int32Array.from(state.order);
    this.cursor = state.cursor;
    this.epoch = state.epoch;
    this.rolled = Int32Array.from(state.rolled);
    this.carried = Int32Array.from(state.carried);
    this.random.restore(state.random);
  }
}

function isBelow(value: number, bound: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < bound;
}
