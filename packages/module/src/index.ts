/**
 * Module: bind, initialize, fit, score, predict, checkpoints and callbacks.
 *
 * @module @lossworks/module
 */
export { Module } from './module.js';
export type { BindOptions, ForwardOptions, InitOptimizerOptions, InitParamsOptions, LossOfOutputs, ModuleOptions, ModuleParameters, ParametersOptions } from './module-options.js';
export type { FitOptions } from './fit.js';
export type { KeptOutputs } from './workers.js';
export { FeedForward, type FeedForwardFitOptions, type FeedForwardOptions } from './feed-forward.js';
export type { ScoreOptions } from './score.js';
export type { BatchPrediction, PredictOptions } from './predict.js';
export type { Batch, NamedShape } from './batch.js';
export type { Logger } from './logger.js';
export type { IteratorPosition, Progress } from './progress.js';

export { createInitializer, NamedInitializer } from './initializers/named-initializer.js';
export {
  Bilinear, Constant, LSTMBias, MSRAPrelu, Normal, One, Orthogonal, Uniform, Xavier, Zero, type InitializerClass,
} from './initializers/initializer-classes.js';
export { Mixed } from './initializers/mixed.js';
export { Load, type NamedParameters } from './initializers/load.js';
export type { InitDesc, Initializer } from './initializers/initializer.js';
export { defineInitializer, type InitializerRule } from './initializers/initializer-rule.js';
export { initializerRules, type InitializerName } from './initializers/initializer-table.js';

export { checkpointOf, readCheckpoint, type RestoredProgress, type RestoreOptions, type SaveOptions } from './checkpoint/module-checkpoint.js';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint, type TrainingState } from './checkpoint/checkpoint.js';
export { checkpointPath } from './checkpoint/files.js';
export { loadMxnetCheckpoint, saveMxnetCheckpoint, type MxnetCheckpoint } from './checkpoint/mxnet-checkpoint.js';

export type { BatchEndCallback, BatchEndParam, EpochEndCallback, EpochEndParam, OneOrMore } from './callbacks/callback.js';
export { speedometer, type SpeedometerOptions } from './callbacks/speedometer.js';
export { progressBar, type ProgressBarOptions } from './callbacks/progress-bar.js';
export { logTrainMetric, logValidationMetrics, type LogTrainMetricOptions } from './callbacks/log-metric.js';
export { doCheckpoint, moduleCheckpoint, stepCheckpoint, type PeriodOptions } from './callbacks/checkpoint-callbacks.js';
