export { createOptimizer, type OptionsOf } from './create-optimizer.js';
export { Optimizer, type OptimizerCounters, type OptimizerOptions, type ParameterIndex } from './optimizer.js';
export { getUpdater, type Updater, type UpdaterState } from './updater.js';
export { optimizerRules, type OptimizerName } from './optimizer-table.js';
export type { CommonOptions, OptimizerRule } from './optimizer-rule.js';
export type { MultiplierTable, ParameterAttributes, ParameterNames } from './multipliers.js';
export { optionsFromMxnet } from './mxnet-arguments.js';

export { chain, stateless, type GradientTransform, type State, type Update, type UpdateContext } from './gradient-transform.js';
export { addDecayedWeights } from './transforms/add-decayed-weights.js';
export { clip, clipUnlessZero } from './transforms/clip.js';
export { rescale } from './transforms/rescale.js';
export { scaleBySchedule } from './transforms/scale-by-schedule.js';
export { trace } from './transforms/trace.js';
export { scaleByAdam } from './rules/adam.js';

export { Scheduler, type SchedulerOptions, type SchedulerState, type WarmupMode } from './schedulers/scheduler.js';
export { FactorScheduler, type FactorSchedulerOptions } from './schedulers/factor-scheduler.js';
export { MultiFactorScheduler, type MultiFactorSchedulerOptions } from './schedulers/multi-factor-scheduler.js';
export { PolyScheduler, type PolySchedulerOptions } from './schedulers/poly-scheduler.js';
export { CosineScheduler } from './schedulers/cosine-scheduler.js';
export type { DecaySchedulerOptions } from './schedulers/decay-scheduler.js';
