import type { Symbol } from '@lossworks/graph';
import type { Metric } from '@lossworks/metrics';
import type { ModuleParameters } from '../module-options.js';

/** What callbacks at the end of a batch are told (MXNet `BatchEndParam`). */
export interface BatchEndParam {
  /** Counted from 0. */
  readonly epoch: number;
  /** Counted from 0 (in `FeedForward` from 1, as in MXNet); at the end of a whole evaluation the number of batches. */
  readonly nbatch: number;
  /** The metric of the epoch, or of the evaluation. */
  readonly evalMetric: Metric | null;
  /** Whatever else the loop has at hand: `module`, `batch`. */
  readonly locals: Readonly<Record<string, unknown>>;
}

/** Called after every batch (MXNet `batch_end_callback`); a promise is awaited. */
export type BatchEndCallback = (param: BatchEndParam) => void | Promise<void>;

/** What callbacks at the end of an epoch are told: the network with copies of its parameters. */
export interface EpochEndParam extends ModuleParameters {
  /** The epoch that has ended, from 0. */
  readonly epoch: number;
  /** The network. */
  readonly symbol: Symbol;
}

/** Called after every epoch (MXNet `epoch_end_callback`); a promise is awaited. */
export type EpochEndCallback = (param: EpochEndParam) => void | Promise<void>;

/** One, or a list that is gone through in order. */
export type OneOrMore<T> = T | readonly T[];

/** Calls one callback after the other. */
export async function announce<Param>(callbacks: OneOrMore<(param: Param) => void | Promise<void>> | undefined, param: Param): Promise<void> {
  for (const callback of callbacks === undefined ? [] : [callbacks].flat()) await callback(param);
}
