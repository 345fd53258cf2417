import { formatShape, type NDArray, RandomGenerator, type RandomState, sameShape, transient } from '@lossworks/ndarray';
import type { GradientTransform, SharedNumbers, State, StepNumbers, UpdateContext } from './gradient-transform.js';
import { learningRateMultipliers, type Multipliers, type MultiplierTable, weightDecayMultipliers } from './multipliers.js';
import { type CommonOptions, commonDefaults } from './optimizer-rule.js';
import { RecordedUpdate, recordUpdate, type Updated } from './recorded-update.js';
import { ScalarPool } from './scalar-pool.js';
import type { Scheduler, SchedulerState } from './schedulers/scheduler.js';
import { accumulateGradients } from './transforms/accumulate-gradients.js';

/** Tells one parameter from the others: its place in the list of parameters, usually. */
export type ParameterIndex = number | string;

/** Everything an optimizer remembers besides arrays; JSON can hold it. */
export interface OptimizerCounters {
  /** The optimizer's name: counters of another one are refused. */
  readonly optimizer: string;
  /** The largest number of updates that any parameter has had. */
  readonly numUpdate: number;
  /** Updates (gradients, where they are accumulated) by parameter index, `beginUpdate` included. */
  readonly counts: Readonly<Record<string, number>>;
  /** The rate that was set, without scheduler and multipliers. */
  readonly learningRate: number;
  /** What the scheduler remembers; null without one. */
  readonly scheduler: SchedulerState | null;
  /** Numbers that a transform keeps for all parameters together, such as `nadam`'s product of momenta. */
  readonly shared: SharedNumbers;
  /** Where the generator of the noise stands. */
  readonly random: RandomState;
}

/** Options that are part of a chain, and so not of an optimizer made of one. */
type ChainOptions = 'rescaleGradient' | 'clipGradient' | 'clipGlobalNorm' | 'clipAdaptive' | 'averageWeights' | 'skipNotFinite';

/** The most kinds of steps that are kept recorded: an optimizer has one or a few. */
const mostRecorded = 16;

/** One parameter's part in a step. */
export interface ParameterUpdate {
  readonly index: ParameterIndex;
  readonly weight: NDArray;
  readonly gradient: NDArray;
  readonly state: State;
}

/** Options of an optimizer made from a chain of transforms; defaults as in `CommonOptions`. */
export interface OptimizerOptions extends Partial<Omit<CommonOptions, ChainOptions>> {
  /** Named in errors and in saved counters; the transform's name unless told. */
  name?: string;
  /** Endings of the names that decay where parameters have names: `_weight` and `_gamma` unless told. */
  decayedSuffixes?: readonly string[];
  /** Whether the schedule is asked before the update is counted, so for update 0 first; false unless told. */
  rateBeforeCount?: boolean;
}

/**
 * Applies a transform to gradients and assigns the results to weights and states, apart from any backward pass (MXNet `Optimizer`). The assignments
 * are recorded: they run with the next read.
 */
export class Optimizer {
  /** Named in errors and in saved counters. */
  readonly name: string;
  /** The chain that turns gradients into steps. */
  readonly transform: GradientTransform;
  /** The largest number of updates that any parameter has had. */
  numUpdate: number;
  private rate: number;
  /** States known to be what `createState` makes. */
  private readonly fitting = new WeakSet<State>();
  private readonly scheduler: Scheduler | undefined;
  private readonly weightDecay: number;
  private readonly beginUpdate: number;
  private readonly accumulate: number;
  private readonly rateBeforeCount: boolean;
  private readonly names: CommonOptions['indexToName'];
  private readonly rateMultipliers: Multipliers;
  private readonly decayMultipliers: Multipliers;
  private readonly scalars = new ScalarPool();
  private readonly random: RandomGenerator;
  /** Updates by index, `beginUpdate` included: gradients where they are accumulated. */
  private counts: Record<string, number> = {};
  private shared: SharedNumbers = {};
  /** Steps of transforms that repeat. */
  private readonly recorded: RecordedUpdate[] = [];

  /**
   * Writes `learningRate` to the scheduler's base rate where both are given.
   *
   * @throws RangeError for a negative learning rate or weight decay, or an `accumulate` below 1; TypeError for a multiplier among the attributes that
   * is no number.
   */
  constructor(
    transform: GradientTransform,
    options: OptimizerOptions = {},
  ) {
    const { name, learningRate, scheduler, weightDecay, indexToName, attributes, rules, accumulate, beginUpdate, seed, decayedSuffixes, rateBeforeCount } = {
      ...commonDefaults,
      name: transform.name,
      decayedSuffixes: ['_weight', '_gamma'],
      rateBeforeCount: false,
      ...options,
    };
    this.name = name;
    this.transform = accumulate === 1 ? transform : accumulateGradients(accumulate, transform);
    this.accumulate = accumulate;
    this.rate = learningRate ?? 0.01;
    this.checkRate('learningRate', this.rate);
    this.checkRate('weightDecay', weightDecay);
    this.scheduler = scheduler;
    if (scheduler && learningRate !== undefined) scheduler.baseLearningRate = learningRate;
    this.weightDecay = weightDecay;
    this.numUpdate = this.beginUpdate = beginUpdate;
    this.rateBeforeCount = rateBeforeCount;
    this.names = indexToName;
    this.rateMultipliers = learningRateMultipliers(indexToName, attributes, rules);
    this.decayMultipliers = weightDecayMultipliers(indexToName, attributes, decayedSuffixes, rules);
    this.random = new RandomGenerator(seed);
  }

  /** The rate before multipliers, at the present update: the scheduler's, or the one that was set. */
  get learningRate(): number {
    return this.scheduler ? this.scheduler.at(this.numUpdate) : this.rate;
  }

  /**
   * Sets the rate of the updates from now on.
   *
   * @throws Error where a scheduler determines the rate; RangeError for a negative one.
   */
  setLearningRate(rate: number): void {
    if (this.scheduler) throw new Error(`${this.name}: a scheduler determines the learning rate; make the optimizer without one to set it`);
    this.checkRate('learningRate', rate);
    this.rate = rate;
  }

  /** Factors of the learning rate by parameter name or index; they replace those set before and go over rules and attributes (MXNet `set_lr_mult`). */
  setLearningRateMultipliers(table: MultiplierTable): void {
    this.rateMultipliers.set(table);
  }

  /** Factors of the weight decay by parameter name or index; they replace those set before and go over rules and attributes (MXNet `set_wd_mult`). */
  setWeightDecayMultipliers(table: MultiplierTable): void {
    this.decayMultipliers.set(table);
  }

  /** η of this parameter at the present update, multiplier included. */
  learningRateOf(index: ParameterIndex): number {
    return this.learningRate * this.rateMultipliers.of(index);
  }

  /** λ of this parameter, multiplier included: 0 where names exempt it. */
  weightDecayOf(index: ParameterIndex): number {
    return this.weightDecay * this.decayMultipliers.of(index);
  }

  /** Updates this parameter has had, `beginUpdate` included; where gradients are accumulated, steps. */
  updateCount(index: ParameterIndex): number {
    return this.stepOf(this.counts[index] ?? this.beginUpdate);
  }

  /**
   * The arrays to keep for a parameter, and to hand to `update`; most are zeros of the weight's shape (MXNet `create_state`).
   *
   * @throws Error where two transforms keep a state of one name; RangeError where the optimizer cannot take a weight of this shape (`groupadagrad`:
   * `[rows, columns]` only).
   */
  createState(index: ParameterIndex, weight: NDArray): State {
    const state = this.transform.init(weight, this.parameterOf(index));
    this.fitting.add(state);
    return state;
  }

  /** The weight to evaluate with: an average where the optimizer keeps one (`averageWeights`, the schedule-free ones), else the weight itself. */
  evaluationWeight(index: ParameterIndex, weight: NDArray, state: State): NDArray {
    this.checkState(index, weight, state);
    return this.transform.evaluationWeight?.(weight, state, this.parameterOf(index)) ?? weight;
  }

  /**
   * Records one update and assigns it to `weight` and to the arrays of `state` (MXNet `update`).
   *
   * @throws RangeError where gradient and weight differ in shape; Error where `state` is not what `createState` makes, by names and shapes.
   */
  update(index: ParameterIndex, weight: NDArray, gradient: NDArray, state: State): void {
    this.updateAll([{ index, weight, gradient, state }]);
  }

  /**
   * Records one step of several parameters, each once: what the global norm is taken over.
   *
   * @throws RangeError where a gradient and its weight differ in shape, or a parameter appears twice; Error where a state is not what `createState` makes.
   */
  updateAll(parameters: readonly ParameterUpdate[]): void {
    const known = this.knownStep(parameters);
    if (!known) this.checkStep(parameters);
    transient(() => {
      const numbers = parameters.map(({ index }) => this.nextNumbers(index));
      const updates = known?.apply(parameters, numbers) ?? this.record(parameters, numbers, known);
      updates.forEach((update, i) => this.apply(parameters[i]!, update));
    });
  }

  /** What was recorded for the same step before. */
  private knownStep(parameters: readonly ParameterUpdate[]): RecordedUpdate | undefined {
    if (!parameters.every(({ state }) => this.fitting.has(state))) return undefined;
    return this.recorded.find((recorded) => recorded.fits(parameters, (index) => this.weightDecayOf(index)));
  }

  private checkStep(parameters: readonly ParameterUpdate[]): void {
    for (const { index, weight, gradient, state } of parameters) {
      this.checkShapes(index, weight, gradient);
      this.checkState(index, weight, state);
    }
    if (new Set(parameters.map(({ index }) => String(index))).size !== parameters.length) {
      throw new RangeError(`${this.name}: a parameter appears twice in one step; add its gradients first`);
    }
  }

  /**
   * Recorded for the next steps too, where they are the same. One parameter alone is recorded as soon.
   *
   * @param outdated what was recorded with fewer different numbers.
   */
  private record(parameters: readonly ParameterUpdate[], numbers: readonly StepNumbers[], outdated: RecordedUpdate | undefined): Updated[] {
    const contexts = parameters.map((parameter, i) => this.context(parameter, numbers[i]!));
    if (!this.transform.repeats || contexts.length < 2) return recordUpdate(this.transform, contexts);
    if (outdated) this.recorded.splice(this.recorded.indexOf(outdated), 1);
    if (this.recorded.length >= mostRecorded) this.recorded.shift();
    const recorded = new RecordedUpdate(this.transform, parameters, contexts);
    this.recorded.push(recorded);
    return recorded.apply(parameters, numbers)!;
  }

  private apply({ index, weight, state }: ParameterUpdate, updated: Updated): void {
    // States first: one of them may be the weight as it was.
    updated.states.forEach(({ name, array }) => {
      const kept = state[name];
      if (!kept) {
        throw new Error(`${this.name}: the state of ${this.label(index)} has no "${name}"; make it with createState(${index}, weight)`);
      }
      if (kept !== array) kept.overwrite(array);
    });
    if (updated.weight !== weight) weight.assign(updated.weight);
  }

  private checkShapes(index: ParameterIndex, weight: NDArray, gradient: NDArray): void {
    if (!sameShape(gradient.shape, weight.shape)) {
      throw new RangeError(
        `${this.name}: the gradient of ${this.label(index)} has shape ${formatShape(gradient.shape)}, the weight ${formatShape(weight.shape)}; they must agree`,
      );
    }
  }

  /** A state that was made elsewhere, or restored, is compared once with one made here. */
  private checkState(index: ParameterIndex, weight: NDArray, state: State): void {
    if (this.fitting.has(state)) return;
    const [expected, found] = [this.createState(index, weight), state].map((arrays) =>
      Object.entries(arrays)
        .map(([name, { shape }]) => `${name} ${formatShape(shape)}`)
        .sort()
        .join(', ') || 'nothing');
    if (expected !== found) {
      throw new Error(
        `${this.name}: ${this.label(index)} needs the state ${expected}, this one holds ${found}; make it with createState(${index}, weight), or restore it with the optimizer and network it was saved with`,
      );
    }
    this.fitting.add(state);
  }

  private checkRate(what: string, value: number): void {
    if (!(value >= 0)) throw new RangeError(`${this.name}: ${what} is ${value}; give a number of at least 0`);
  }

  private context({ index, weight, gradient, state }: ParameterUpdate, numbers: StepNumbers): UpdateContext {
    const scalar: UpdateContext['scalar'] = (role, value) => this.scalars.get(role, typeof value === 'number' ? value : value(numbers));
    return {
      // Written out: spreading an object here takes several µs a parameter.
      step: numbers.step,
      updates: numbers.updates,
      numUpdate: numbers.numUpdate,
      rate: numbers.rate,
      globalRate: numbers.globalRate,
      gradient,
      weight,
      state,
      learningRate: scalar('learningRate', numbers.rate),
      weightDecay: this.weightDecayOf(index),
      parameterName: this.names[index],
      parameter: this.parameterOf(index),
      shared: this.shared,
      scalar,
      normal: (shape) => this.random.normal(shape),
    };
  }

  /** Counts an update of a parameter. */
  private nextNumbers(index: ParameterIndex): StepNumbers {
    const rateBefore = this.rateBeforeCount ? this.learningRate : undefined;
    const count = this.count(index);
    const globalRate = rateBefore ?? this.learningRate;
    return { step: this.stepOf(count), updates: count - this.beginUpdate, numUpdate: this.numUpdate, rate: globalRate * this.rateMultipliers.of(index), globalRate };
  }

  private count(index: ParameterIndex): number {
    const count = (this.counts[index] ?? this.beginUpdate) + 1;
    this.counts[index] = count;
    const step = this.stepOf(count);
    if (step > this.numUpdate) {
      this.numUpdate = step;
      this.scalars.nextStep();
    }
    return count;
  }

  /** Steps in so many updates: the gradients of one step count as that step, from the first. */
  private stepOf(count: number): number {
    return this.beginUpdate + Math.ceil((count - this.beginUpdate) / this.accumulate);
  }

  private parameterOf(index: ParameterIndex): string {
    return this.names[index] ?? String(index);
  }

  private label(index: ParameterIndex): string {
    return this.names[index] ?? `parameter ${index}`;
  }

  /** A copy of everything but arrays that the optimizer remembers, for a checkpoint. */
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

  /**
   * Goes on where `counters` was called.
   *
   * @throws Error where the counters are another optimizer's, or were saved with a scheduler and there is none here, or the other way round;
   * TypeError where they are another kind of scheduler's.
   */
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
