import { describe, expect, it } from 'vitest';
import { CosineScheduler, FactorScheduler, MultiFactorScheduler, PolyScheduler, type Scheduler } from '../src/index.js';

const makers: { readonly [name: string]: () => Scheduler } = {
  FactorScheduler: () => new FactorScheduler({ step: 3, factor: 0.5, baseLearningRate: 1, warmupSteps: 2 }),
  MultiFactorScheduler: () => new MultiFactorScheduler({ step: [2, 5, 11], factor: 0.5, baseLearningRate: 1 }),
  PolyScheduler: () => new PolyScheduler({ maxUpdate: 9, baseLearningRate: 1, warmupSteps: 3 }),
  CosineScheduler: () => new CosineScheduler({ maxUpdate: 9, baseLearningRate: 1, finalLearningRate: 0.1 }),
};

describe.each(Object.entries(makers))('%s', (_, make) => {
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
});

describe('a scheduler refuses', () => {
  it.each([
    ['a factor above 1', () => new MultiFactorScheduler({ step: [1], factor: 1.5 }), /MultiFactorScheduler: factor is 1.5/],
    ['a single number as list of steps', () => new MultiFactorScheduler({ step: 3 as unknown as number[] }), /must be a list.*FactorScheduler/],
    ['negative warm-up', () => new PolyScheduler({ maxUpdate: 3, warmupSteps: -1 }), /warmupSteps is -1/],
    ['warm-up that falls', () => new CosineScheduler({ maxUpdate: 3, warmupBeginLearningRate: 1 }), /above baseLearningRate 0.01/],
    ['the state of another kind', () => new FactorScheduler({ step: 1 }).restore({ baseLearningRate: 1, passed: 2 }), /no number "count"/],
  ])('%s', (_, act, message) => expect(act).toThrow(message));
});

it('a curve that ends with its warm-up arrives at the final rate', () => {
  expect(new PolyScheduler({ maxUpdate: 4, warmupSteps: 4, baseLearningRate: 1, finalLearningRate: 0.25 }).at(4)).toBe(0.25);
});
