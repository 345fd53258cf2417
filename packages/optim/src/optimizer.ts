import { add, formatShape, type NDArray, RandomGenerator, type RandomState } from '@lossworks/ndarray';
import type { GradientTransform, SharedNumbers, State, UpdateContext } from './gradient-transform.js';
import { learningRateMultipliers, type Multipliers, type MultiplierTable, weightDecayMultipliers } from './multipliers.js';
import { type CommonOptions, commonDefaults } from './optimizer-rule.js';
import { ScalarPool } from './scalar-pool.js';
import type { Scheduler, SchedulerState } from './schedulers/scheduler.js';

/** Tells one parameter from the others: its place in the list of parameters, usually. */
export type ParameterIndex = number | string;

/** Everything an optimizer remembers besides arrays; JSON can hold it. */
export interface OptimizerCounters {
  readonly optimizer: string;
  readonly numUpdate: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly scheduler: SchedulerState | null;
  readonly shared: SharedNumbers;
  readonly random: RandomState;
}

export interface OptimizerOptions extends Partial<Omit<CommonOptions, 'rescaleGradient' | 'clipGradient'>> {
  /** Named in errors and in saved counters; the transform's name unless told. */
  name?: string;
  decayedSuffixes?: readonly string[];
  rateBeforeCount?: boolean;
}

/**
 * Applies a transform to gradients and assigns the results to weights and states, apart from any backward pass. The assignments are recorded:
 * they run with the next read.
 */
export class Optimizer {
  readonly name: string;
  /** The largest number of updates that any parameter has had. */
  numUpdate: number;
  private rate: number;
  private readonly scheduler: Scheduler | undefined;
  private readonly weightDecay: number;
  private readonly beginUpdate: number;
  private readonly rateBeforeCount: boolean;
  private readonly names: CommonOptions['indexToName'];
  private readonly rateMultipliers: Multipliers;
  private readonly decayMultipliers: Multipliers;
  private readonly scalars = new ScalarPool();
  private readonly random: RandomGenerator;
  private counts: Record<string, number> = {};
  private shared: SharedNumbers = {};

  constructor(
    readonly transform: GradientTransform,
    options: OptimizerOptions = {},
  ) {
    const { name, learningRate, scheduler, weightDecay, indexToName, attributes, beginUpdate, seed, decayedSuffixes, rateBeforeCount } = {
      ...commonDefaults,
      name: transform.name,
      decayedSuffixes: ['_weight', '_gamma'],
      rateBeforeCount: false,
      ...options,
    };
    this.name = name;
    this.rate = learningRate ?? 0.01;
    this.scheduler = scheduler;
    if (scheduler && learningRate !== undefined) scheduler.baseLearningRate = learningRate;
    this.weightDecay = weightDecay;
    this.numUpdate = this.beginUpdate = beginUpdate;
    this.rateBeforeCount = rateBeforeCount;
    this.names = indexToName;
    this.rateMultipliers = learningRateMultipliers(indexToName, attributes);
    this.decayMultipliers = weightDecayMultipliers(indexToName, attributes, decayedSuffixes);
    this.random = new RandomGenerator(seed);
  }

  /** The rate before multipliers, at the present update. */
  get learningRate(): number {
    return this.scheduler ? this.scheduler.at(this.numUpdate) : this.rate;
  }

  /** @throws Error where a scheduler determines the rate. */
  setLearningRate(rate: number): void {
    if (this.scheduler) throw new Error(`${this.name}: a scheduler determines the learning rate; make the optimizer without one to set it`);
    this.rate = rate;
  }

  /** Factors of the learning rate by parameter name or index; they replace those set before and go over the attributes'. */
  setLearningRateMultipliers(table: MultiplierTable): void {
    this.rateMultipliers.set(table);
  }

  /** Factors of the weight decay by parameter name or index; they replace those set before and go over rules and attributes. */
  setWeightDecayMultipliers(table: MultiplierTable): void {
    this.decayMultipliers.set(table);
  }

  learningRateOf(index: ParameterIndex): number {
    return this.learningRate * this.rateMultipliers.of(index);
  }

  weightDecayOf(index: ParameterIndex): number {
    return this.weightDecay * this.decayMultipliers.of(index);
  }

  /** Updates this parameter has had, `beginUpdate` included. */
  updateCount(index: ParameterIndex): number {
    return this.counts[index] ?? this.beginUpdate;
  }

  /** The arrays to keep for a parameter, and to hand to `update`. */
  createState(_index: ParameterIndex, weight: NDArray): State {
    return this.transform.init(weight);
  }

  /**
   * Records one update and assigns it to `weight` and to the arrays of `state`.
   *
   * @throws RangeError where gradient and weight differ in shape.
   */
  update(index: ParameterIndex, weight: NDArray, gradient: NDArray, state: State): void {
    if (gradient.shape.join() !== weight.shape.join()) {
      throw new RangeError(
        `${this.name}: the gradient of ${this.label(index)} has shape ${formatShape(gradient.shape)}, the weight ${formatShape(weight.shape)}; they must agree`,
      );
    }
    const context = this.context(index, weight, gradient, state);
    const update = this.transform.update(context);
    const updated = update.weight ?? add(weight, update.gradient);
    // States first: one of them may be the weight as it was.
    for (const [name, value] of Object.entries(update.state)) {
      const kept = state[name];
      if (!kept) {
        throw new Error(`${this.name}: the state of ${this.label(index)} has no "${name}"; make it with createState(${index}, weight)`);
      }
      kept.assign(value);
    }
    if (updated !== weight) weight.assign(updated);
  }

  private context(index: ParameterIndex, weight: NDArray, gradient: NDArray, state: State): UpdateContext {
    const rateBefore = this.rateBeforeCount ? this.learningRate : undefined;
    const step = this.count(index);
    const globalRate = rateBefore ?? this.learningRate;
    const rate = globalRate * this.rateMultipliers.of(index);
    const scalar = (role: string, value: number) => this.scalars.get(role, value);
    return {
      gradient,
      weight,
      state,
      step,
      updates: step - this.beginUpdate,
      numUpdate: this.numUpdate,
      learningRate: scalar('learningRate', rate),
      rate,
      globalRate,
      weightDecay: this.weightDecayOf(index),
      parameterName: this.names[index],
      shared: this.shared,
      scalar,
      normal: (shape) => this.random.normal(shape),
    };
  }

  private count(index: ParameterIndex): number {
    const step = this.updateCount(index) + 1;
    this.counts[index] = step;
    if (step > this.numUpdate) {
      this.numUpdate = step;
      this.scalars.nextStep();
    }
    return step;
  }

  private label(index: ParameterIndex): string {
    return this.names[index] ?? `parameter ${index}`;
  }

  counters(): OptimizerCounters {
    return {
      optimizer: this.name,
      numUpdate: this.numUpdate,
      counts: { ...this.counts },
      learningRate: this.rate,
      scheduler: this.scheduler?.state() ?? null,
      shared: { ...this.shared },
      random: this.random.state,
    };
  }

  /** @throws Error where the counters are another optimizer's. */
  restoreCounters(counters: OptimizerCounters): void {
    if (counters.optimizer !== this.name) {
      throw new Error(`${this.name}: the saved counters are of optimizer "${counters.optimizer}"; make that one, or begin without them`);
    }
    if ((counters.scheduler === null) !== (this.scheduler === undefined)) {
      const [saved, here] = counters.scheduler ? ['with', 'has none'] : ['without', 'has one'];
      throw new Error(`${this.name}: the counters were saved ${saved} a scheduler, this optimizer ${here}; make it as it was`);
    }
    if (counters.scheduler) this.scheduler?.restore(counters.scheduler);
    this.numUpdate = counters.numUpdate;
    this.counts = { ...counters.counts };
    this.rate = counters.learningRate;
    this.shared = { ...counters.shared };
    this.random.restore(counters.random);
  }
}
