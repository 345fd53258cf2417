import { array, zeros, type NDArray } from '@lossworks/ndarray';
import {
  CosineScheduler,
  createOptimizer,
  FactorScheduler,
  getUpdater,
  MultiFactorScheduler,
  type Optimizer,
  optionsFromMxnet,
  PolyScheduler,
  type Scheduler,
} from '@lossworks/optim';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray, type RecordedNumber } from './deviation.js';

type Attributes = Readonly<Record<string, unknown>>;

/** A case of `optim.json` or `schedulers.json`. */
export type OptimizerCase = { readonly name: string } & (
  | {
      readonly kind: 'optimizer';
      readonly op: string;
      readonly attrs: Attributes;
      readonly weight: RecordedArray;
      readonly grads: readonly (readonly RecordedNumber[])[];
      readonly trajectory: readonly (readonly RecordedNumber[])[];
      readonly state: readonly (RecordedArray | null)[];
    }
  | { readonly kind: 'optimizer_mult'; readonly idx2name: Readonly<Record<string, string>>; readonly lrs: readonly number[]; readonly wds: readonly number[] }
  | {
      readonly kind: 'optimizer_sched';
      readonly attrs: { readonly learning_rate: number; readonly step: number; readonly factor: number; readonly grad: number };
      readonly steps: readonly (readonly number[])[];
    }
  | { readonly kind: 'scheduler'; readonly op: string; readonly attrs: Attributes; readonly queries: readonly number[]; readonly values: readonly number[] }
  | { readonly kind: 'scheduler_error'; readonly op: string; readonly attrs: Attributes; readonly error: string }
);

type KindRunners = { readonly [K in OptimizerCase['kind']]: (recorded: OptimizerCase & { kind: K }) => Promise<CaseResult> | CaseResult };

const runners: KindRunners = {
  optimizer: runTrajectory,
  optimizer_mult: runMultipliers,
  optimizer_sched: runScheduled,
  scheduler: runScheduler,
  scheduler_error: runRefusal,
};

/** Replays one recorded optimizer or scheduler. */
export async function runOptimizerCase(recorded: OptimizerCase): Promise<CaseResult> {
  const run = runners[recorded.kind] as (recorded: OptimizerCase) => Promise<CaseResult> | CaseResult;
  return run(recorded);
}

function decode({ shape, data }: RecordedArray): NDArray {
  return array(Float32Array.from(data, Number), { shape });
}

async function runTrajectory({ op, attrs, weight: initial, grads, trajectory, state: recordedState }: OptimizerCase & { kind: 'optimizer' }): Promise<CaseResult> {
  const optimizer = createOptimizer(op, optionsFromMxnet(attrs));
  const weight = decode(initial);
  const state = optimizer.createState(0, weight);
  const details: (string | undefined)[] = [];
  for (const [i, data] of grads.entries()) {
    optimizer.update(0, weight, decode({ shape: initial.shape, data }), state);
    details.push(deviation(`weight after update ${i + 1}`, await weight.data(), trajectory[i]!));
  }
  // Gradients that LBSGD has not used yet are not among MXNet's states.
  const kept = Object.entries(state).filter(([name]) => name !== 'accumulated');
  const wanted = recordedState.filter((each) => each !== null);
  if (kept.length !== wanted.length) details.push(`state: ${kept.length} arrays (${kept.map(([name]) => name).join()}) instead of ${wanted.length}`);
  for (const [i, [name, value]] of kept.entries()) {
    const expected = wanted[i];
    if (!expected) continue;
    if (value.shape.join() !== expected.shape.join()) details.push(`state ${name}: shape [${value.shape}] instead of [${expected.shape}]`);
    details.push(deviation(`state ${name}`, await value.data(), expected.data));
  }
  return verdict(details);
}

/** The optimizers of the recorder, by the name of the case. */
const multiplierOptimizers: { readonly [name: string]: (indexToName: Readonly<Record<string, string>>) => Optimizer } = {
  mult_sym: (indexToName) =>
    createOptimizer('sgd', { learningRate: 0.1, weightDecay: 0.01, indexToName, attributes: { fc_weight: { __lr_mult__: '2.0', __wd_mult__: '0.5' } } }),
  mult_set: (indexToName) => {
    const optimizer = createOptimizer('sgd', { learningRate: 0.1, weightDecay: 0.01, indexToName });
    optimizer.setLearningRateMultipliers({ fc_bias: 3, 5: 7 });
    optimizer.setWeightDecayMultipliers({ fc_bias: 2, fc_weight: 0 });
    return optimizer;
  },
  mult_noname: () => createOptimizer('sgd', { learningRate: 0.1, weightDecay: 0.01 }),
  mult_lars: (indexToName) => createOptimizer('lars', { learningRate: 0.1, weightDecay: 0.01, indexToName }),
};

function runMultipliers({ name, idx2name, lrs, wds }: OptimizerCase & { kind: 'optimizer_mult' }): CaseResult {
  const make = multiplierOptimizers[name];
  if (!make) return { status: 'skipped', reason: `the case holds no options, and there is no optimizer recorded under ${name}` };
  const optimizer = make(idx2name);
  return verdict([
    deviation(
      'learning rates',
      lrs.map((_, index) => optimizer.learningRateOf(index)),
      lrs,
    ),
    deviation(
      'weight decays',
      wds.map((_, index) => optimizer.weightDecayOf(index)),
      wds,
    ),
  ]);
}

async function runScheduled({ attrs, steps }: OptimizerCase & { kind: 'optimizer_sched' }): Promise<CaseResult> {
  const scheduler = new FactorScheduler({ step: attrs.step, factor: attrs.factor, baseLearningRate: 1 });
  const optimizer = createOptimizer('sgd', { learningRate: attrs.learning_rate, scheduler });
  const update = getUpdater(optimizer);
  const weights = [zeros([1]), zeros([1])];
  const details: (string | undefined)[] = [];
  for (const [i, expected] of steps.entries()) {
    weights.forEach((weight, index) => update(index, array([attrs.grad]), weight));
    const numbers = await Promise.all(weights.map((weight) => weight.item()));
    details.push(deviation(`step ${i + 1} (weights, updates, base rate)`, [...numbers, optimizer.numUpdate, scheduler.baseLearningRate], expected));
  }
  return verdict(details);
}

const schedulers: { readonly [op: string]: (options: never) => Scheduler } = {
  FactorScheduler: (options) => new FactorScheduler(options),
  MultiFactorScheduler: (options) => new MultiFactorScheduler(options),
  PolyScheduler: (options) => new PolyScheduler(options),
  CosineScheduler: (options) => new CosineScheduler(options),
};

function makeScheduler(op: string, attrs: Attributes): Scheduler {
  const make = schedulers[op];
  if (!make) throw new Error(`there is no scheduler ${op}`);
  return make(optionsFromMxnet(attrs) as never);
}

/** Rates are float64 on both sides. */
const doublePrecision = { relative: 1e-12, absolute: 1e-15 };

function runScheduler({ op, attrs, queries, values }: OptimizerCase & { kind: 'scheduler' }): CaseResult {
  const scheduler = makeScheduler(op, attrs);
  return verdict([
    deviation(
      'rates',
      queries.map((query) => scheduler.at(query)),
      values,
      doublePrecision,
    ),
  ]);
}

function runRefusal({ op, attrs }: OptimizerCase & { kind: 'scheduler_error' }): CaseResult {
  if (!Object.hasOwn(schedulers, op)) return { status: 'failed', detail: `there is no scheduler ${op}` };
  try {
    makeScheduler(op, attrs);
  } catch (error) {
    return error instanceof Error && error.message.startsWith(op) ? { status: 'passed' } : { status: 'failed', detail: `refused without naming ${op}: ${String(error)}` };
  }
  return { status: 'failed', detail: `${op} accepted ${JSON.stringify(attrs)}` };
}
