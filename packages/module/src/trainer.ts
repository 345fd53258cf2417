import type { NDArray } from '@lossworks/ndarray';
import { createOptimizer, findStepper, getUpdater, type Optimizer, type Evaluation, type Stepper, type UpdaterState } from '@lossworks/optim';
import type { InitOptimizerOptions } from './module-options.js';

/** A parameter that is trained. */
export interface TrainedParameter {
  /** What the optimizer knows it by: its place among all parameters. */
  readonly index: number;
  readonly name: string;
  readonly weight: NDArray;
  readonly gradient: NDArray;
}

/** What a trainer is made for. */
export interface TrainerSetting {
  /** The parameters as they are bound now; a module that is bound again has others. */
  readonly parameters: () => readonly TrainedParameter[];
  readonly attributes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly batchSize: number;
}

/** What moves a module's parameters. */
export interface Trainer {
  readonly name: string;
  readonly optimizer: Optimizer | undefined;
  /** One update by the gradients that are there. */
  readonly update?: () => void;
  /** In place of `update`, for algorithms that evaluate more than once: one whole step; `evaluate` runs forward and backward at the weights as they are. */
  readonly step?: (evaluate: () => Promise<Evaluation>) => Promise<unknown>;
  /** The weight to evaluate of a parameter: an average where one is kept. */
  evaluationWeight(parameter: TrainedParameter): NDArray;
  state(): UpdaterState;
  restore(saved: UpdaterState): void;
}

/** @throws RangeError for an unknown name or option, and for an algorithm that reads a loss where none is given. */
export function createTrainer({ optimizer = 'sgd', optimizerOptions = { learningRate: 0.01 }, loss }: InitOptimizerOptions, setting: TrainerSetting): Trainer {
  const { attributes, batchSize } = setting;
  const common = (named: readonly (readonly [index: number, name: string])[]) => ({ indexToName: Object.fromEntries(named), attributes, rescaleGradient: 1 / batchSize, ...optimizerOptions });
  if (typeof optimizer !== 'string') return byOptimizer(optimizer, setting);
  const algorithm = findStepper(optimizer);
  if (!algorithm) return byOptimizer(createOptimizer(optimizer, common(setting.parameters().map(({ index, name }) => [index, name]))), setting);
  if (algorithm.readsLoss && !loss) {
    throw new RangeError(`Module.initOptimizer: ${optimizer} searches by the loss, which outputs do not tell; give loss: (outputs, labels) => the number whose gradients backward gives`);
  }
  const options = algorithm.wrapsOptimizer ? common(setting.parameters().map(({ name }, place) => [place, name])) : optimizerOptions;
  return byStepper(optimizer.toLowerCase(), (weights) => algorithm.make(weights, options), setting);
}

function byOptimizer(optimizer: Optimizer, { parameters }: TrainerSetting): Trainer {
  const updater = getUpdater(optimizer);
  return {
    name: optimizer.name,
    optimizer,
    update() {
      const all = parameters();
      updater(all.map(({ index }) => index), all.map(({ gradient }) => gradient), all.map(({ weight }) => weight));
    },
    evaluationWeight: ({ index, weight }) => updater.evaluationWeight(index, weight),
    state: () => updater.state(),
    restore: (saved) => updater.restore(saved),
  };
}

function byStepper(name: string, make: (weights: readonly NDArray[]) => Stepper, { parameters }: TrainerSetting): Trainer {
  let weights = parameters().map(({ weight }) => weight);
  let stepper = make(weights);
  /** The stepper over the weights as they are bound now. */
  const present = (): Stepper => {
    const bound = parameters().map(({ weight }) => weight);
    if (bound.some((weight, i) => weight !== weights[i])) {
      const state = stepper.state();
      stepper = make((weights = bound));
      stepper.restore(state);
    }
    return stepper;
  };
  return {
    name,
    optimizer: stepper.optimizer,
    step: (evaluate) => present().step(evaluate),
    evaluationWeight: ({ weight }) => present().evaluationWeight(weights.indexOf(weight)),
    state: () => present().state(),
    restore: (saved) => present().restore(saved),
  };
}

/** Puts the weights to evaluate in place of those being trained, while a forward pass records; the function given back puts these back. */
export function useEvaluationWeights({ evaluationWeight }: Trainer, parameters: readonly TrainedParameter[]): () => void {
  const others = parameters
    .map((parameter) => ({ weight: parameter.weight, evaluated: evaluationWeight(parameter) }))
    .filter(({ weight, evaluated }) => evaluated !== weight)
    .map(({ weight, evaluated }) => ({ weight, evaluated, trained: weight.snapshot() }));
  for (const { weight, evaluated } of others) weight.assignLazily(evaluated);
  return () => others.forEach(({ weight, trained }) => weight.assign(trained));
}
