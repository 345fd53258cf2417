import { array, countRecording, evaluationCounts, RandomGenerator, read, scalar, type NDArray } from '@lossworks/ndarray';
import {
  activation, batchNorm, convolution, custom, CustomOp, CustomOpProp, customOp, dropout, flatten, fullyConnected, group, leakyReLU, pooling, registerCustomOp, simpleBind, variable,
  type Executor, type SimpleBindOptions, type Symbol,
} from '@lossworks/graph';
import { describe, expect, it } from 'vitest';
import { centerLoss, makeLoss, softmaxOutput } from '../src/index.js';

/** A bit of everything that passes differ in: random numbers, moving averages, class centers. */
function network(): Symbol {
  let x = convolution({ data: variable('data'), kernel: [3, 3], numFilter: 4, name: 'conv' });
  x = activation({ data: batchNorm({ data: x, fixGamma: false, name: 'bn' }), actType: 'relu', name: 'relu' });
  x = flatten({ data: pooling({ data: x, kernel: [2, 2], stride: [2, 2], name: 'pool' }), name: 'flat' });
  x = leakyReLU({ data: dropout({ data: fullyConnected({ data: x, numHidden: 5, name: 'fc1' }), p: 0.4, name: 'drop' }), actType: 'rrelu', name: 'rrelu' });
  const label = variable('label');
  const center = makeLoss({ data: centerLoss({ data: x, label, numClass: 3, name: 'center' }), name: 'center_loss' });
  return group([softmaxOutput({ data: fullyConnected({ data: x, numHidden: 3, name: 'fc2' }), label, name: 'softmax' }), center]);
}

const shapes = { data: [4, 1, 6, 6], label: [4] };

function bound(symbol: Symbol, options: Partial<SimpleBindOptions> = {}): Executor {
  const executor = simpleBind(symbol, { shapes, random: new RandomGenerator(5), ...options } as SimpleBindOptions);
  const random = new RandomGenerator(1);
  for (const argument of executor.argArrays) argument.assign(random.normal(argument.shape, 0, 0.5));
  return executor;
}

const feeds = (step: number): { data: NDArray; label: NDArray } => ({ data: new RandomGenerator(step).normal(shapes.data), label: array([step % 3, 0, 2, 1]) });

/** Everything a pass leaves behind, over three steps with an update between them. */
async function trained(executor: Executor, pass: (executor: Executor, step: number) => Promise<unknown>): Promise<number[][][]> {
  const steps: number[][][] = [];
  for (let step = 0; step < 3; step++) {
    await pass(executor, step);
    executor.argArrays.forEach((weight, i) => (executor.gradArrays[i] ? weight.assign(weight.sub(executor.gradArrays[i]!.mul(0.1))) : undefined));
    steps.push((await read([...executor.outputs, ...executor.gradArrays.map((gradient) => gradient!), ...executor.auxArrays, ...executor.argArrays])).map((data) => [...data]));
  }
  return steps;
}

const once = (executor: Executor, step: number): Promise<unknown> => executor.forwardBackward({ feeds: feeds(step) });
const anew = async (executor: Executor, step: number): Promise<void> => {
  await executor.forward({ isTrain: true, feeds: feeds(step) });
  await executor.backward();
};

describe('forwardBackward', () => {
  it.each<[string, Partial<SimpleBindOptions>]>([
    ['gradients that are written', {}],
    ['gradients that are added', { gradReq: 'add' }],
    ['results that are computed again', { recompute: true }],
    ['inputs that are all checked', { checkInputs: 'all' }],
  ])('gives what forward and backward give, random numbers and states included: %s', async (_, options) => {
    expect(await trained(bound(network(), options), once)).toEqual(await trained(bound(network(), options), anew));
  });

  it('records the pass at the first call only, and runs one program that is compiled once', async () => {
    const executor = bound(network());
    const first = await countRecording(() => executor.forwardBackward({ feeds: feeds(0) }));
    await read(executor.outputs);
    const before = evaluationCounts();
    for (let step = 1; step < 4; step++) {
      const { counts } = await countRecording(() => executor.forwardBackward({ feeds: feeds(step) }));
      // What is left is the commit of the states.
      expect(counts.made).toBeLessThan(first.counts.made / 5);
      await read(executor.outputs);
    }
    const after = evaluationCounts();
    expect(after.runs - before.runs).toBe(3);
    expect(after.compilations - before.compilations).toBe(0);
  });

  it('takes another number of real rows without recording anew', async () => {
    const rows = async (pass: (executor: Executor, validRows: NDArray) => Promise<unknown>): Promise<number[][]> => {
      const executor = bound(network());
      for (const count of [4, 2, 3]) await pass(executor, scalar(count));
      return (await read([...executor.gradArrays.map((gradient) => gradient!), ...executor.auxArrays])).map((data) => [...data]);
    };
    const repeated = await rows((executor, validRows) => executor.forwardBackward({ feeds: feeds(1), validRows }));
    expect(repeated).toEqual(await rows(async (executor, validRows) => {
      await executor.forward({ isTrain: true, feeds: feeds(1), validRows });
      await executor.backward();
    }));
  });

  it('checks what is fed at every call', async () => {
    const executor = bound(network());
    await executor.forwardBackward({ feeds: feeds(0) });
    await expect(executor.forwardBackward({ feeds: { ...feeds(1), label: array([0, 1, 3, 2]) } })).rejects.toThrow(/label is 3 at position 2, outside the 3 classes 0\.\.2/);
  });

  it('lets a head gradient be missed as backward does', async () => {
    const executor = simpleBind(fullyConnected({ data: variable('data'), numHidden: 2, name: 'fc' }), { shapes: { data: [2, 3] } });
    await expect(executor.forwardBackward()).rejects.toThrow('fc_output is no loss and needs a head gradient');
  });

  it('lets the last pass be looked at and differentiated again', async () => {
    const [repeated, other] = [bound(network()), bound(network())];
    for (let step = 0; step < 2; step++) {
      await once(repeated, step);
      await anew(other, step);
    }
    const gradients = async (executor: Executor): Promise<number[][]> => (await read(executor.gradArrays.map((gradient) => gradient!))).map((data) => [...data]);
    const expected = await gradients(other);
    expect(await repeated.firstNonFinite()).toBeUndefined();
    await repeated.checkInputs();
    await repeated.backward();
    expect(await gradients(repeated)).toEqual(expected);
    repeated.argDict['fc1_weight']!.assign(array(new Float32Array(80).fill(Infinity), { shape: repeated.argDict['fc1_weight']!.shape }));
    await once(repeated, 2);
    expect(await repeated.firstNonFinite()).toMatchObject({ node: 'fc1', where: 'input', argument: 'weight' });
  });

  it('calls a function of an operator for every pass: it may look at variables of its own', async () => {
    let factor = 1;
    const scaled = customOp({ name: 'ScaledNow', forward: ({ data }) => data.mul(factor) });
    const executor = simpleBind(makeLoss({ data: scaled({ data: variable('data') }) }), { shapes: { data: [2] } });
    const slopes: number[] = [];
    for (factor of [2, 3, 4]) {
      await executor.forwardBackward({ feeds: { data: array([1, 1]) } });
      slopes.push((await executor.gradDict['data']!.data())[0]!);
    }
    expect(slopes).toEqual([2, 3, 4]);
  });

  it('calls an operator that reads for every pass, and a monitor', async () => {
    let passes = 0;
    class Counted extends CustomOp {
      override async forward(_isTrain: boolean, [req]: readonly ('null' | 'write' | 'add')[], [x]: readonly NDArray[], [y]: readonly NDArray[]): Promise<void> {
        passes++;
        this.assign(y!, req!, array(await x!.data(), { shape: x!.shape }));
      }
      override backward(reqs: readonly ('null' | 'write' | 'add')[], [head]: readonly NDArray[], _x: readonly NDArray[], _y: readonly NDArray[], [dx]: readonly NDArray[]): void {
        this.assign(dx!, reqs[0]!, head!);
      }
    }
    registerCustomOp('counted_pass', class extends CustomOpProp {
      override createOperator = (): CustomOp => new Counted();
    });
    const counted = simpleBind(makeLoss({ data: custom({ opType: 'counted_pass', data: variable('data') } as never) }), { shapes: { data: [2] } });
    for (let step = 0; step < 3; step++) await counted.forwardBackward({ feeds: { data: array([1, step]) } });
    expect(passes).toBe(3);
    const seen: string[] = [];
    const watched = bound(network());
    await once(watched, 0);
    watched.setMonitorCallback((name) => void seen.push(name));
    await once(watched, 1);
    expect(seen).toContain('fc1_output');
  });
});
