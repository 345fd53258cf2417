import { abs, add, concat, div, keep, mul, type NDArray, neg, RandomGenerator, read, reshape, scalar, slice, square, sub, sum } from '@lossworks/ndarray';
import { checkEvaluation, type Closure, type Stepper } from './stepper.js';
import { type LinePoint, wolfeSearch } from './wolfe-search.js';

/** Options of `lbfgs` (Liu & Nocedal 1989); the line search's are those of Nocedal & Wright 2006. */
export interface LbfgsOptions {
  /** The step that each line search tries first, above 0, default 1; divided by Σ|g| where that is above 1 and no pair is remembered. */
  learningRate?: number;
  /** Pairs of steps and changes of the gradient that are remembered, at least 1, default 10. */
  historySize?: number;
  /** Trials of one line search, default 25. */
  maxEvaluations?: number;
  /** c₁ of the Wolfe conditions: share of the predicted decrease that must come true, default 1e-4. */
  sufficientDecrease?: number;
  /** c₂ of the Wolfe conditions: share of the slope that may be left, default 0.9. */
  curvature?: number;
}

/** A step s and the change y of the gradient over it, with y·s > 0. */
interface Pair {
  readonly step: NDArray;
  readonly change: NDArray;
}

interface Visited extends LinePoint {
  readonly gradient: NDArray;
}

/**
 * Limited-memory BFGS (Liu & Nocedal 1989): one direction and one line search a step. The closure is called once and then for every trial, and losses
 * and slopes are read, because the search decides on the host; vectors stay where the engine has them. For losses without randomness.
 *
 * @throws RangeError for a `learningRate` that is not above 0 or a `historySize` below 1; in a step, for a loss that begins as NaN, or gradients that
 * are not one a weight, of its shape.
 */
export function lbfgs(weights: readonly NDArray[], options: LbfgsOptions = {}): Stepper {
  const { learningRate, historySize, ...search } = { learningRate: 1, historySize: 10, maxEvaluations: 25, sufficientDecrease: 1e-4, curvature: 0.9, ...options };
  if (!(learningRate > 0)) throw new RangeError(`lbfgs: learningRate is ${learningRate}; give a number above 0`);
  if (!Number.isInteger(historySize) || historySize < 1) throw new RangeError(`lbfgs: historySize is ${historySize}; give a whole number of at least 1`);
  let pairs: readonly Pair[] = [];
  let steps = 0;

  async function step(closure: Closure): Promise<number> {
    const evaluate = async (along?: NDArray): Promise<{ value: number; slope: number; gradient: NDArray }> => {
      const evaluation = await closure();
      checkEvaluation('lbfgs', evaluation, weights);
      const gradient = keep(flatten(evaluation.gradients));
      const [slope, loss] = await readNumbers([dot(gradient, along ?? gradient), evaluation.loss]);
      return { value: loss!, slope: slope!, gradient };
    };
    const origin = weights.map((weight) => weight.snapshot());
    const here = await evaluate();
    if (Number.isNaN(here.value)) throw new RangeError('lbfgs: the loss where the step begins is NaN; the line search needs a number: look at the weights and the data');
    let { direction, slope } = await descent(here.gradient, pairs);
    if (!(slope < 0)) {
      pairs = [];
      direction = neg(here.gradient);
      slope = -here.slope;
    }
    if (slope === 0) return here.value;
    const moveTo = (at: number): void => unflatten(mul(direction, scalar(at)), weights).forEach((part, i) => weights[i]!.assign(add(origin[i]!, part)));
    let last = 0;
    const visit = async (at: number): Promise<Visited> => {
      moveTo((last = at));
      return { at, ...(await evaluate(direction)) };
    };
    const first = pairs.length > 0 ? learningRate : learningRate * Math.min(1, 1 / (await sum(abs(here.gradient)).item()));
    const found = await wolfeSearch({ at: 0, value: here.value, slope }, first, visit, search);
    if (!found) {
      // No trial was lower: forget the curvature, and begin with the steepest descent.
      weights.forEach((weight, i) => weight.assign(origin[i]!));
      pairs = [];
      return here.value;
    }
    if (found.at !== last) moveTo(found.at);
    if (found.slope > slope) {
      const pair = { step: keep(mul(direction, scalar(found.at))), change: keep(sub(found.gradient, here.gradient)) };
      pairs = [...pairs, pair].slice(-historySize);
    }
    steps++;
    return here.value;
  }

  return {
    optimizer: undefined,
    step,
    evaluationWeight: (place) => weights[place]!,
    state() {
      const arrays = Object.fromEntries(pairs.flatMap((pair, i) => [[`${i}:step`, pair.step.snapshot()], [`${i}:change`, pair.change.snapshot()]]));
      const counters = { optimizer: 'lbfgs', numUpdate: steps, counts: {}, learningRate, scheduler: null, shared: {}, random: new RandomGenerator(0).state };
      return { arrays, counters };
    },
    restore({ arrays, counters }) {
      if (counters.optimizer !== 'lbfgs') throw new Error(`lbfgs: the saved counters are of optimizer "${counters.optimizer}"; make that one, or begin without them`);
      const size = weights.reduce((total, weight) => total + weight.size, 0);
      const saved = (name: string): NDArray => {
        const value = arrays[name];
        if (value?.size !== size) throw new Error(`lbfgs: the saved "${name}" has ${value?.size ?? 'no'} elements, the weights have ${size}; restore it with the network it was saved with`);
        return value.snapshot();
      };
      pairs = Array.from({ length: Object.keys(arrays).length / 2 }, (_, i) => ({ step: saved(`${i}:step`), change: saved(`${i}:change`) }));
      steps = counters.numUpdate;
    },
  };
}

/** −H·g by the two loops over the pairs, and its slope g·d. */
async function descent(gradient: NDArray, pairs: readonly Pair[]): Promise<{ direction: NDArray; slope: number }> {
  let q = neg(gradient);
  const shares: NDArray[] = [];
  for (const { step, change } of [...pairs].reverse()) {
    const share = div(dot(step, q), dot(step, change));
    shares.unshift(share);
    q = sub(q, mul(change, share));
  }
  const newest = pairs.at(-1);
  if (newest) q = mul(q, div(dot(newest.step, newest.change), dot(newest.change, newest.change)));
  pairs.forEach(({ step, change }, i) => {
    const back = div(dot(change, q), dot(step, change));
    q = add(q, mul(step, sub(shares[i]!, back)));
  });
  const direction = keep(q);
  return { direction, slope: await dot(gradient, direction).item() };
}

function dot(a: NDArray, b: NDArray): NDArray {
  return a === b ? sum(square(a)) : sum(mul(a, b));
}

function flatten(arrays: readonly NDArray[]): NDArray {
  return concat(arrays.map((each) => reshape(each, [each.size])), 0);
}

function unflatten(vector: NDArray, like: readonly NDArray[]): NDArray[] {
  let begin = 0;
  return like.map(({ shape, size }) => {
    const part = reshape(slice(vector, [begin], [begin + size]), shape);
    begin += size;
    return part;
  });
}

/** Numbers and arrays of size 1, in one run. */
async function readNumbers(values: readonly (NDArray | number)[]): Promise<number[]> {
  const contents = await read(values.filter((value) => typeof value !== 'number'));
  let next = 0;
  return values.map((value) => (typeof value === 'number' ? value : contents[next++]![0]!));
}
