import type { DataIter, DataIterState } from '@lossworks/data';
import type { Metric } from '@lossworks/metrics';

/** Where an iterator stands: a state of its own, and how many batches it has given since. */
export interface IteratorPosition {
  /** What the iterator's `restore` takes. */
  readonly state: DataIterState;
  /** Batches to skip after it. */
  readonly skip: number;
}

/** Where a training loop stands. */
export interface Progress {
  /** Counted from 0. */
  readonly epoch: number;
  /** Batches of this epoch that are trained. */
  readonly nbatch: number;
  /** Whether the epoch's batches are all trained and its metric is logged. */
  readonly epochComplete: boolean;
  /** Null for an iterator that cannot say. */
  readonly iterator: IteratorPosition | null;
  /** What has been measured of this epoch. */
  readonly metric: Metric | null;
}

/** The iterator's state; null where it cannot say. */
export function stateOf(iterator: DataIter): DataIterState | null {
  try {
    return iterator.state();
  } catch {
    return null;
  }
}

/**
 * Puts an iterator where it stood.
 *
 * @throws Error where it has not that many batches.
 */
export async function moveTo(iterator: DataIter, { state, skip }: IteratorPosition): Promise<void> {
  iterator.restore(state);
  for (let skipped = 0; skipped < skip; skipped++) {
    if (!(await iterator.next())) throw new Error(`the iterator ends after ${skipped} batches, ${skip} were trained; resume over the same data in batches of the same size`);
  }
}
