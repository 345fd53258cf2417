import { array, mul, type NDArray, add, square, sum } from '@lossworks/ndarray';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ConstantScheduler, CosineRestartsScheduler, createOptimizer, createStepper, CyclicScheduler, ExponentialScheduler, getUpdater, LinearScheduler, OneCycleScheduler,
  PlateauScheduler, type Scheduler,
} from '../src/index.js';

const schedulers: { readonly [name: string]: new (options: never) => Scheduler } = {
  ConstantScheduler, CosineRestartsScheduler, CyclicScheduler, ExponentialScheduler, LinearScheduler, OneCycleScheduler, PlateauScheduler,
};

type Numbers = readonly (readonly number[])[];
interface Recorded {
  readonly shapes: Numbers;
  readonly steps: number;
  readonly optimizers: readonly { name: string; optimizer: string; options: object; weights: readonly Numbers[]; evaluation?: Numbers }[];
  readonly sharpnessAware: { weights: readonly Numbers[] };
  readonly schedules: readonly { name: string; scheduler: string; options: object; rates: readonly number[]; reports?: readonly number[] }[];
}

const recorded = JSON.parse(readFileSync(new URL('../../testing/recorded/optimizers.json', import.meta.url), 'utf8')) as Recorded;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
/** The same numbers as the recorder's. */
const numbers = (shape: readonly number[], seed: number): NDArray => array(Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(seed * 37 + i * 11)), { shape });
const parameters = (): NDArray[] => recorded.shapes.map((shape, k) => numbers(shape, k + 1));
const gradients = (step: number): NDArray[] => recorded.shapes.map((shape, k) => numbers(shape, 5 + 2 * step + k));

async function expectClose(actual: readonly NDArray[], wanted: Numbers): Promise<void> {
  for (const [k, each] of actual.entries()) {
    (await each.data()).forEach((value, i) => expect(Math.abs(value - wanted[k]![i]!)).toBeLessThanOrEqual(1e-6 + 1e-5 * Math.abs(wanted[k]![i]!)));
  }
}

describe('twelve steps equal those recorded in float64 from', () => {
  it.each(recorded.optimizers.map((each) => [each.name, each] as const))('%s', async (_, { optimizer, options, weights: wanted, evaluation }) => {
    const update = getUpdater(createOptimizer(optimizer, { ...options }));
    const weights = parameters();
    for (let step = 0; step < recorded.steps; step++) {
      update(weights.map((__, i) => i), gradients(step), weights);
      await expectClose(weights, wanted[step]!);
    }
    if (evaluation) await expectClose(weights.map((weight, i) => update.evaluationWeight(i, weight)), evaluation);
  });

  it('sharpness-aware minimization', async () => {
    const weights = parameters();
    const offsets = gradients(0);
    const stepper = createStepper('sam', weights, { learningRate: 0.05, radius: 0.1 });
    const closure = () => ({
      loss: weights.map((weight, i) => sum(add(mul(square(square(weight)), 0.25), mul(weight, offsets[i]!)))).reduce((a, b) => add(a, b)),
      gradients: weights.map((weight, i) => add(mul(square(weight), weight), offsets[i]!)),
    });
    for (let step = 0; step < recorded.steps; step++) {
      await stepper.step(closure);
      await expectClose(weights, recorded.sharpnessAware.weights[step]!);
    }
  });
});

describe('the rates equal those recorded from', () => {
  it.each(recorded.schedules.map((each) => [each.name, each] as const))('%s', (_, { scheduler, options, rates, reports }) => {
    const schedule = new schedulers[scheduler]!({ ...options, baseLearningRate: 0.1 } as never);
    rates.forEach((rate, i) => {
      expect(schedule.at(i + 1)).toBeCloseTo(rate, 12);
      if (schedule instanceof PlateauScheduler) schedule.report(reports![i]!);
    });
  });
});
