import { saveMxnetCheckpoint } from '../checkpoint/mxnet-checkpoint.js';
import type { Module } from '../module.js';
import type { BatchEndCallback, EpochEndCallback } from './callback.js';

/** Every how many epochs or updates something happens. */
export interface PeriodOptions {
  /** Epochs, or updates, between two checkpoints; 1 unless told, and 1 for anything below. */
  readonly period?: number;
}

/**
 * An epoch callback that writes MXNet's files under the number of epochs done (MXNet `do_checkpoint`). They hold nothing of the training.
 *
 * @throws Error naming the file, when it is called, where it cannot be written.
 */
export function doCheckpoint(prefix: string, { period = 1 }: PeriodOptions = {}): EpochEndCallback {
  return async ({ epoch, ...network }) => {
    if ((epoch + 1) % Math.max(1, Math.floor(period)) === 0) await saveMxnetCheckpoint(prefix, epoch + 1, network);
  };
}

/**
 * An epoch callback that writes a checkpoint to resume from, under the number of epochs done (MXNet `module_checkpoint`).
 *
 * @throws Error naming the file, when it is called, where it cannot be written.
 */
export function moduleCheckpoint(module: Module, prefix: string, { period = 1 }: PeriodOptions = {}): EpochEndCallback {
  return async ({ epoch }) => {
    if ((epoch + 1) % Math.max(1, Math.floor(period)) === 0) await module.saveCheckpoint(prefix, epoch + 1);
  };
}

/**
 * A batch callback that writes a checkpoint to resume from every `period` updates, under the number of updates done.
 *
 * @throws Error naming the file, when it is called, where it cannot be written.
 */
export function stepCheckpoint(module: Module, prefix: string, { period = 1 }: PeriodOptions = {}): BatchEndCallback {
  return async () => {
    if (module.step % Math.max(1, Math.floor(period)) === 0) await module.saveCheckpoint(prefix, module.step);
  };
}
