import { add, array, div, matmul, mean, mul, type NDArray, sigmoid, square, sub, sum, waitAll, zeros } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createStepper, optimizerRules, type StepperName } from '../src/index.js';

interface Problem {
  readonly weights: readonly NDArray[];
  readonly closure: () => { loss: NDArray; gradients: readonly NDArray[] };
}

/** (1 − x)² + 100·(y − x²)² from (−1.2, 1), where it is 24.2; steps of any size soon reach the valley, about 4; the minimum is 0 at (1, 1). */
function rosenbrock(): Problem {
  const weights = [array([[-1.2]]), array([[1]])];
  return {
    weights,
    closure() {
      const [x, y] = weights as [NDArray, NDArray];
      const off = sub(y, square(x));
      const short = sub(1, x);
      const loss = add(sum(square(short)), mul(sum(square(off)), 100));
      return { loss, gradients: [sub(mul(mul(x, off), -400), mul(short, 2)), mul(off, 200)] };
    },
  };
}

/** Logistic regression of 64 points that a plane tells apart. Gradients are the cross entropy's; the loss read is the mean squared error, 0.25 at first. */
function logistic(withOffset: boolean): Problem {
  const points = Float32Array.from({ length: 64 * 3 }, (_, i) => Math.sin(i * 12.9898) * 2);
  const classes = Float32Array.from({ length: 64 }, (_, i) => Number(points[i * 3]! - 0.5 * points[i * 3 + 1]! + 0.3 > 0));
  const [x, y] = [array(points, { shape: [64, 3] }), array(classes, { shape: [64, 1] })];
  const slope = zeros([3, 1]);
  const offset = zeros([1]);
  return {
    weights: withOffset ? [slope, offset] : [slope],
    closure() {
      const off = sub(sigmoid(add(matmul(x, slope), offset)), y);
      const gradients = [div(matmul(x, off, { transposeA: true }), 64), mean(off, { axes: [0] })];
      return { loss: mean(square(off)), gradients: withOffset ? gradients : gradients.slice(0, 1) };
    },
  };
}

type Goal = readonly [options: Readonly<Record<string, unknown>>, below: number];

/** With these options each falls below these losses within 300 steps, `lbfgs` within 40. */
const goals: { readonly [name in StepperName]: { readonly rosenbrock: Goal; readonly logistic: Goal } } = {
  sgd: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  ccsgd: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  nag: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  signum: { rosenbrock: [{ learningRate: 0.003 }, 3.5], logistic: [{ learningRate: 0.02 }, 0.02] },
  adam: { rosenbrock: [{ learningRate: 0.05 }, 2], logistic: [{ learningRate: 0.05 }, 0.03] },
  adamax: { rosenbrock: [{ learningRate: 0.2 }, 3], logistic: [{ learningRate: 0.05 }, 0.03] },
  nadam: { rosenbrock: [{ learningRate: 0.05 }, 1], logistic: [{ learningRate: 0.05 }, 0.03] },
  adagrad: { rosenbrock: [{ learningRate: 0.3 }, 3], logistic: [{ learningRate: 0.3 }, 0.03] },
  groupadagrad: { rosenbrock: [{ learningRate: 0.3 }, 3], logistic: [{ learningRate: 0.3 }, 0.05] },
  adadelta: { rosenbrock: [{ epsilon: 1e-3 }, 3.5], logistic: [{ epsilon: 1e-3 }, 0.03] },
  rmsprop: { rosenbrock: [{ learningRate: 0.01 }, 1], logistic: [{ learningRate: 0.01 }, 0.03] },
  ftrl: { rosenbrock: [{ learningRate: 0.5, l1: 0 }, 3], logistic: [{ learningRate: 0.5, l1: 0 }, 0.03] },
  ftml: { rosenbrock: [{ learningRate: 0.05 }, 3.5], logistic: [{ learningRate: 0.05 }, 0.03] },
  lamb: { rosenbrock: [{ learningRate: 0.03 }, 1.5], logistic: [{ learningRate: 0.03 }, 0.02] },
  lars: { rosenbrock: [{ learningRate: 0.5, momentum: 0.5, trust: 0.05 }, 1.5], logistic: [{ learningRate: 0.5, momentum: 0.5, trust: 0.05 }, 0.02] },
  lbsgd: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  dcasgd: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9, compensation: 1e-4 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  // Noise of variance η keeps it from the minimum.
  sgld: { rosenbrock: [{ learningRate: 1e-4 }, 8], logistic: [{ learningRate: 0.02, rescaleGradient: 64 }, 0.1] },
  test: { rosenbrock: [{ rescaleGradient: -0.0009 }, 3.8], logistic: [{ rescaleGradient: -1 }, 0.03] },
  adamw: { rosenbrock: [{ learningRate: 0.05, weightDecay: 0 }, 2], logistic: [{ learningRate: 0.05 }, 0.03] },
  radam: { rosenbrock: [{ learningRate: 0.05, clipGradient: 1 }, 3], logistic: [{ learningRate: 0.05 }, 0.05] },
  amsgrad: { rosenbrock: [{ learningRate: 0.05 }, 2], logistic: [{ learningRate: 0.05 }, 0.03] },
  lion: { rosenbrock: [{ learningRate: 0.01 }, 0.5], logistic: [{ learningRate: 0.01 }, 0.03] },
  adafactor: { rosenbrock: [{ learningRate: 0.1 }, 2], logistic: [{ learningRate: 0.1 }, 0.03] },
  muon: { rosenbrock: [{ learningRate: 0.02, weightDecay: 0 }, 0.5], logistic: [{ learningRate: 0.02 }, 0.05] },
  schedulefreesgd: { rosenbrock: [{ learningRate: 0.0015 }, 3.5], logistic: [{ learningRate: 2 }, 0.02] },
  schedulefreeadamw: { rosenbrock: [{ learningRate: 0.1 }, 1], logistic: [{ learningRate: 0.1 }, 0.03] },
  sam: { rosenbrock: [{ learningRate: 0.001, momentum: 0.9, radius: 0.001 }, 0.1], logistic: [{ learningRate: 0.3, momentum: 0.9 }, 0.02] },
  lbfgs: { rosenbrock: [{}, 1e-6], logistic: [{}, 1e-3] },
};

async function lossAfter(name: string, { weights, closure }: Problem, options: Readonly<Record<string, unknown>>): Promise<number> {
  const stepper = createStepper(name as StepperName, weights, options);
  const steps = name === 'lbfgs' ? 40 : 300;
  for (let step = 1; step <= steps; step++) {
    await stepper.step(closure);
    // One run of the engine every five steps, so that what is recorded stays short.
    if (step % 5 === 0) await waitAll();
  }
  return closure().loss.item();
}

it('every optimizer has a goal', () => {
  expect(Object.keys(goals)).toEqual([...Object.keys(optimizerRules), 'sam', 'lbfgs']);
});

describe.each(Object.entries(goals))('%s', (name, goal) => {
  it(`brings Rosenbrock's function below ${goal.rosenbrock[1]}`, async () => {
    expect(await lossAfter(name, rosenbrock(), goal.rosenbrock[0])).toBeLessThan(goal.rosenbrock[1]);
  });

  it(`brings a logistic regression below ${goal.logistic[1]}`, async () => {
    // `groupadagrad` takes matrices alone.
    expect(await lossAfter(name, logistic(name !== 'groupadagrad'), goal.logistic[0])).toBeLessThan(goal.logistic[1]);
  });
});

describe('lbfgs', () => {
  it('stays where it is at a minimum', async () => {
    const weight = array([1, 1]);
    const stepper = createStepper('lbfgs', [weight]);
    for (let step = 0; step < 2; step++) await stepper.step(() => ({ loss: sum(square(sub(weight, 1))), gradients: [mul(sub(weight, 1), 2)] }));
    expect(await weight.data()).toEqual(new Float32Array([1, 1]));
  });

  it('goes back where no trial is lower, as with a gradient of the wrong sign', async () => {
    const weight = array([3]);
    const stepper = createStepper('lbfgs', [weight], { maxEvaluations: 5 });
    await stepper.step(() => ({ loss: sum(square(weight)), gradients: [mul(weight, -2)] }));
    expect(await weight.item()).toBe(3);
  });
});

describe('a stepper refuses', () => {
  const weights = [zeros([2])];
  it.each<[string, () => unknown, RegExp]>([
    ['an unknown name', () => createStepper('bfgs' as 'lbfgs', weights), /no "bfgs"; choose one of sam, lbfgs, sgd/],
    ['an unknown option', () => createStepper('lbfgs', weights, { momentum: 1 }), /lbfgs has no option momentum/],
    ['an unknown option of the optimizer inside', () => createStepper('sam', weights, { rho: 1 }), /sgd has no option rho/],
    ['a negative radius', () => createStepper('sam', weights, { radius: -1 }), /radius is -1/],
    ['no history', () => createStepper('lbfgs', weights, { historySize: 0 }), /historySize is 0/],
    ['the state of another algorithm', () => createStepper('lbfgs', weights).restore(createStepper('sgd', weights).state()), /of optimizer "sgd"/],
  ])('%s', (_, act, message) => expect(act).toThrow(message));

  it.each(['sgd', 'sam', 'lbfgs'] as const)('gradients of other shapes, or too few, for %s', async (name) => {
    await expect(createStepper(name, weights).step(() => ({ loss: 0, gradients: [] }))).rejects.toThrow(/0 gradients for 1 weights/);
    await expect(createStepper(name, weights).step(() => ({ loss: 0, gradients: [zeros([3])] }))).rejects.toThrow(/gradient 0 has shape \[3\], weight 0 \[2\]/);
  });
});
