import { describe, expect, it } from 'vitest';
import {
  ConstantScheduler, CosineRestartsScheduler, CosineScheduler, CyclicScheduler, ExponentialScheduler, FactorScheduler, JoinScheduler, LinearScheduler, MultiFactorScheduler,
  OneCycleScheduler, PlateauScheduler, PolyScheduler, type Scheduler, type SchedulerOptions,
} from '../src/index.js';

const makers: { readonly [name: string]: (options?: Partial<SchedulerOptions>) => Scheduler } = {
  FactorScheduler: (options) => new FactorScheduler({ step: 3, factor: 0.5, baseLearningRate: 1, warmupSteps: 2, ...options }),
  MultiFactorScheduler: (options) => new MultiFactorScheduler({ step: [2, 5, 11], factor: 0.5, baseLearningRate: 1, ...options }),
  PolyScheduler: (options) => new PolyScheduler({ maxUpdate: 9, baseLearningRate: 1, warmupSteps: 3, ...options }),
  CosineScheduler: (options) => new CosineScheduler({ maxUpdate: 9, baseLearningRate: 1, finalLearningRate: 0.1, ...options }),
  ConstantScheduler: (options) => new ConstantScheduler({ warmupSteps: 3, ...options }),
  LinearScheduler: (options) => new LinearScheduler({ steps: 6, warmupSteps: 3, ...options }),
  ExponentialScheduler: (options) => new ExponentialScheduler({ decay: 0.5, steps: 3, ...options }),
  CosineRestartsScheduler: (options) => new CosineRestartsScheduler({ period: 2, periodFactor: 2, ...options }),
  CyclicScheduler: (options) => new CyclicScheduler({ peakLearningRate: 1, stepsUp: 3, ...options }),
  OneCycleScheduler: (options) => new OneCycleScheduler({ totalSteps: 12, ...options }),
  PlateauScheduler: (options) => new PlateauScheduler(options),
  JoinScheduler: () => joined(),
};

describe.each(Object.entries(makers))('%s', (name, make) => {
  const updates = Array.from({ length: 14 }, (__, i) => i + 1);

  it.each([0, 4, 10])('goes on from a state saved after update %i', (saved) => {
    const whole = make();
    const rates = updates.map((update) => whole.at(update));
    const first = make();
    for (const update of updates.slice(0, saved)) first.at(update);
    const second = make();
    second.restore(JSON.parse(JSON.stringify(first.state())));
    expect(updates.slice(saved).map((update) => second.at(update))).toEqual(rates.slice(saved));
  });

  it('does not rise again when an earlier update is asked for', () => {
    const scheduler = make();
    const late = scheduler.at(13);
    expect(scheduler.at(13)).toBe(late);
    if (scheduler instanceof FactorScheduler || scheduler instanceof MultiFactorScheduler) expect(scheduler.at(4)).toBe(late);
  });

  it('refuses a state without its numbers', () => {
    const [field] = Object.keys(make().state());
    expect(() => make().restore({ other: 1 })).toThrow(new RegExp(`no number "${field!.split('.').at(-1)}"`));
  });

  // What is joined has the rates of its parts.
  if (name !== 'JoinScheduler') it.each<[string, Partial<SchedulerOptions>, RegExp]>([
    ['a negative rate', { baseLearningRate: -1 }, /baseLearningRate is -1; give a number of at least 0/],
    ['a negative warm-up', { warmupSteps: -1 }, /warmupSteps is -1/],
    ['an unknown warm-up', { warmupMode: 'slow' as never }, /slow/],
  ])('refuses %s', (_what, options, message) => expect(() => make(options)).toThrow(message));
});

const joined = () =>
  new JoinScheduler({
    schedulers: [new LinearScheduler({ steps: 3, baseLearningRate: 1, finalLearningRate: 0.4 }), new FactorScheduler({ step: 2, factor: 0.5, baseLearningRate: 0.4 })],
    boundaries: [4],
  });

describe('schedules', () => {
  it('that are joined follow each other, each counted from 1', () => {
    const schedule = joined();
    const rates = Array.from({ length: 9 }, (_, i) => Number(schedule.at(i + 1).toFixed(6)));
    expect(rates).toEqual([1, 0.8, 0.6, 0.4, 0.4, 0.4, 0.2, 0.2, 0.1]);
  });

  it('that are curves begin after their warm-up, and rise again when an earlier update is asked for', () => {
    const schedule = new LinearScheduler({ steps: 2, baseLearningRate: 1, warmupSteps: 4 });
    expect([1, 2, 3, 4, 5, 6, 7, 4].map((update) => schedule.at(update))).toEqual([0.25, 0.5, 0.75, 1, 0.5, 0, 0, 1]);
  });

  it('that wait for a plateau go on from their state', () => {
    const make = () => new PlateauScheduler({ baseLearningRate: 1, patience: 1, cooldown: 1, factor: 0.5 });
    const reports = [3, 2, 2, 2, 2, 2, 2, Number.NaN, 2, 2];
    const follow = (schedule: PlateauScheduler, some: readonly number[]) => some.map((value) => (schedule.report(value), schedule.at(1)));
    const whole = follow(make(), reports);
    expect(whole).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]);
    for (const split of [0, 3, 5]) {
      const first = make();
      follow(first, reports.slice(0, split));
      const second = make();
      second.restore(JSON.parse(JSON.stringify(first.state())));
      expect(follow(second, reports.slice(split))).toEqual(whole.slice(split));
    }
  });
});

describe('a scheduler refuses', () => {
  it.each([
    ['a factor above 1', () => new MultiFactorScheduler({ step: [1], factor: 1.5 }), /MultiFactorScheduler: factor is 1.5/],
    ['a single number as list of steps', () => new MultiFactorScheduler({ step: 3 as unknown as number[] }), /must be a list.*FactorScheduler/],
    ['negative warm-up', () => new PolyScheduler({ maxUpdate: 3, warmupSteps: -1 }), /warmupSteps is -1/],
    ['warm-up that falls', () => new CosineScheduler({ maxUpdate: 3, warmupBeginLearningRate: 1 }), /above baseLearningRate 0.01/],
    ['the state of another kind', () => new FactorScheduler({ step: 1 }).restore({ baseLearningRate: 1, passed: 2 }), /no number "count"/],
    ['a negative rate', () => new ConstantScheduler({ baseLearningRate: -1 }), /ConstantScheduler: baseLearningRate is -1; give a number of at least 0/],
    ['no steps', () => new LinearScheduler({ steps: 0 }), /LinearScheduler: steps is 0/],
    ['a negative decay', () => new ExponentialScheduler({ decay: -1 }), /decay is -1/],
    ['a period of half an update', () => new CosineRestartsScheduler({ period: 0.5 }), /period is 0.5/],
    ['an unknown mode', () => new CyclicScheduler({ peakLearningRate: 1, stepsUp: 2, mode: 'square' as 'triangular' }), /mode "square" is unknown; choose one of triangular/],
    ['a share above 1', () => new OneCycleScheduler({ totalSteps: 5, riseShare: 2 }), /riseShare is 2/],
    ['a plateau that rises', () => new PlateauScheduler({ factor: 2 }), /factor is 2/],
    ['too few boundaries', () => new JoinScheduler({ schedulers: [new ConstantScheduler({}), new ConstantScheduler({})], boundaries: [] }), /2 schedulers need 1 boundaries, not 0/],
    ['boundaries that fall', () => new JoinScheduler({ schedulers: [1, 2, 3].map(() => new ConstantScheduler({})), boundaries: [4, 4] }), /each above the one before/],
  ])('%s', (_, act, message) => expect(act).toThrow(message));
});

it('a curve that ends with its warm-up arrives at the final rate', () => {
  expect(new PolyScheduler({ maxUpdate: 4, warmupSteps: 4, baseLearningRate: 1, finalLearningRate: 0.25 }).at(4)).toBe(0.25);
});
