/**
 * Optimizers as chains of transforms, learning rate schedules and the updater.
 *
 * @module @lossworks/optim
 */
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
export { CurveScheduler } from './schedulers/curve-scheduler.js';
export { ConstantScheduler } from './schedulers/constant-scheduler.js';
export { LinearScheduler, type LinearSchedulerOptions } from './schedulers/linear-scheduler.js';
export { ExponentialScheduler, type ExponentialSchedulerOptions } from './schedulers/exponential-scheduler.js';
export { CosineRestartsScheduler, type CosineRestartsSchedulerOptions } from './schedulers/cosine-restarts-scheduler.js';
export { CyclicScheduler, type CyclicMode, type CyclicSchedulerOptions } from './schedulers/cyclic-scheduler.js';
export { OneCycleScheduler, type OneCycleSchedulerOptions } from './schedulers/one-cycle-scheduler.js';
export { PlateauScheduler, type PlateauSchedulerOptions } from './schedulers/plateau-scheduler.js';
export { JoinScheduler, type JoinSchedulerOptions } from './schedulers/join-scheduler.js';

export { createTransform } from './create-optimizer.js';
export type { ParameterRule } from './parameter-rules.js';
export { accumulateGradients } from './transforms/accumulate-gradients.js';
export { addDecoupledDecay } from './transforms/add-decoupled-decay.js';
export { averageWeights } from './transforms/average-weights.js';
export { choose, frozen, type ParameterTraits } from './transforms/choose.js';
export { clipAdaptively, clipByGlobalNorm } from './transforms/clip-by-norm.js';
export { normalizeByMoments } from './transforms/normalize-by-moments.js';
export { skipNotFinite } from './transforms/skip-not-finite.js';
export { orthogonalize } from './rules/muon.js';

export type { Closure, Evaluation, Stepper } from './steppers/stepper.js';
export { createStepper, findStepper, stepperRules, type StepperName, type StepperRule } from './steppers/create-stepper.js';
export { lbfgs, type LbfgsOptions } from './steppers/lbfgs.js';
export { sam, type SamOptions } from './steppers/sam.js';
export { updateStepper } from './steppers/update-stepper.js';
