import { array, evaluationCounts, ones, RandomGenerator, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import {
  activation, batchNorm, convolution, dropout, flatten, fullyConnected, Monitor, pooling, simpleBind, variable, type Executor, type Recompute, type Symbol,
} from '../src/index.js';

const filled = (shape: readonly number[], seed: number): NDArray => array(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + seed)), { shape });

function fill(executor: Executor): Executor {
  executor.symbol.listArguments().forEach((name, i) => executor.argDict[name]!.assign(filled(executor.argDict[name]!.shape, i)));
  return executor;
}

function perceptron(): Symbol {
  const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 5, name: 'fc1' }), actType: 'relu', name: 'relu1' });
  return fullyConnected({ data: hidden, numHidden: 3, name: 'fc2' });
}

describe('a monitor callback', () => {
  const heard = async (pattern: string, monitorAll = false): Promise<string[]> => {
    const names: string[] = [];
    const executor = fill(simpleBind(perceptron(), { shapes: { data: [2, 4] } }));
    executor.setMonitorCallback((name) => names.push(name), { pattern, monitorAll });
    await executor.forward({ isTrain: true });
    await executor.backward(ones([2, 3]));
    return names;
  };
  it.each<[string, string, boolean, string[]]>([
    ['hears outputs forwards and gradients backwards', '.*', false, [
      'fc1_output', 'relu1_output', 'fc2_output', 'fc2_backward_output0', 'fc2_backward_output1', 'fc2_backward_output2', 'relu1_backward_output',
      'fc1_backward_output0', 'fc1_backward_output1', 'fc1_backward_output2',
    ]],
    ['hears only names that match from the start', 'relu|output', false, ['relu1_output', 'relu1_backward_output']],
    ['hears inputs where all are wanted', 'fc2_(?!back)', true, ['fc2_data', 'fc2_weight', 'fc2_bias', 'fc2_output']],
  ])('%s', async (_, pattern, all, expected) => {
    expect(await heard(pattern, all)).toEqual(expected);
  });
  it('hears nothing once it is taken away', async () => {
    const names: string[] = [];
    const executor = fill(simpleBind(perceptron(), { shapes: { data: [2, 4] } }));
    executor.setMonitorCallback((name) => names.push(name));
    executor.setMonitorCallback(null);
    await executor.forward();
    expect(names).toEqual([]);
  });
});

describe('a Monitor', () => {
  it('listens to every second step, and costs that step no run of its own', async () => {
    const executor = fill(simpleBind(perceptron(), { shapes: { data: [2, 4] } }));
    const monitor = new Monitor(2, { pattern: 'fc2_output|fc1_bias', statistic: (x) => x.square().sum() });
    monitor.install(executor);
    const steps: [number, string[]][] = [];
    for (let step = 0; step < 3; step++) {
      monitor.tic();
      await executor.forward({ isTrain: true });
      await executor.backward(ones([2, 3]));
      const before = evaluationCounts().runs;
      await executor.outputs[0]!.data();
      const entries = await monitor.toc();
      steps.push([evaluationCounts().runs - before, entries.map(([number, name]) => `${number} ${name}`)]);
    }
    expect(steps.map(([, names]) => names)).toEqual([['1 fc2_output', '1 fc1_bias'], [], ['3 fc2_output', '3 fc1_bias']]);
    // One for the step, one for the statistics of the arguments, which are taken at the end.
    expect(steps.map(([runs]) => runs)).toEqual([2, 1, 2]);
  });
  it('prints lines with the step, the name and the statistic', async () => {
    const executor = simpleBind(perceptron(), { shapes: { data: [2, 4] } });
    executor.argDict['fc1_bias']!.assign(2);
    const monitor = new Monitor(1, { pattern: 'fc1_bias' });
    monitor.install(executor);
    const lines: string[] = [];
    monitor.tic();
    await executor.forward();
    await monitor.tocPrint((line) => lines.push(line));
    expect(lines).toEqual([`Batch:       1 ${'fc1_bias'.padEnd(30)} 2\t`]);
  });
  it('refuses an interval that is no whole number', () => {
    expect(() => new Monitor(0)).toThrow(/interval 0 .* at least 1/);
  });
});

describe('firstNonFinite', () => {
  const x = variable('x');
  const located = async (net: Symbol, values: { readonly [name: string]: readonly number[] }, head?: readonly number[]) => {
    const executor = simpleBind(net, { shapes: { x: [2] } });
    for (const [name, data] of Object.entries(values)) executor.argDict[name]!.assign(array([...data]));
    await executor.forward({ isTrain: true });
    if (head) await executor.backward(array([...head]));
    return executor.firstNonFinite();
  };
  it('says nothing where everything is finite', async () => {
    expect(await located(x.mul(2), { x: [1, 2] }, [1, 1])).toBeUndefined();
  });
  it.each<[string, Symbol, { [name: string]: number[] }, number[] | undefined, string]>([
    ['an input', x.mul(variable('w')).add(1), { x: [1, 2], w: [1, Number.NaN] }, undefined, 'rhs (w) is not finite'],
    ['an output made of finite inputs', x.mul(2).pow(0.5).mul(3), { x: [1, -1] }, undefined, 'is not finite, though its inputs are'],
    ['a gradient made on the way back', x.pow(0.5), { x: [1, 0] }, [1, 1], 'the gradient for data (x) is not finite'],
  ])('names node and argument of %s', async (_, net, values, head, says) => {
    const found = await located(net, values, head);
    expect(found?.message).toContain(says);
    expect(found?.message).toContain(found!.node);
  });
});

describe('reshape', () => {
  const bound = () => simpleBind(perceptron(), { shapes: { data: [4, 3] } });
  it('shares parameters with the executor it came from', async () => {
    const executor = fill(bound());
    const small = executor.reshape({ data: [2, 3] });
    expect(small.argDict['fc1_weight']).toBe(executor.argDict['fc1_weight']);
    expect(small.gradDict['fc1_weight']).toBe(executor.gradDict['fc1_weight']);
    expect(small.outputs[0]!.shape).toEqual([2, 3]);
    executor.argDict['fc2_bias']!.assign(7);
    await small.forward({ feeds: { data: filled([2, 3], 0) } });
    const [first] = await small.outputs[0]!.data();
    small.argDict['fc2_bias']!.assign(8);
    await small.forward();
    expect((await small.outputs[0]!.data())[0]! - first!).toBeCloseTo(1, 5);
  });
  it.each<[string, { [name: string]: number[] }, object, RegExp]>([
    ['a larger array', { data: [5, 3] }, {}, /data would change from \[4,3\] to \[5,3\], which is larger; set allowUpSizing/],
    ['an argument that was not named', { data: [4, 2] }, {}, /fc1_weight would change from \[5,3\] to \[5,2\], and was not named/],
    ['an unknown name', { dta: [4, 3] }, {}, /dta/],
    ['shapes that do not determine the rest', { fc1_bias: [5] }, {}, /do not determine data/],
  ])('refuses %s', (_, shapes, options, message) => {
    expect(() => bound().reshape(shapes, options)).toThrow(message);
  });
  it('allows both where asked to', () => {
    expect(bound().reshape({ data: [5, 3] }, { allowUpSizing: true }).outputs[0]!.shape).toEqual([5, 3]);
    expect(bound().reshape({ data: [4, 2] }, { partialShaping: true }).argDict['fc1_weight']!.shape).toEqual([5, 2]);
  });
});

describe('recomputing in place of keeping', () => {
  const net = (): Symbol => {
    let x = variable('data');
    for (let block = 0; block < 3; block++) {
      const branch = convolution({ data: x, numFilter: 4, kernel: [3, 3], pad: [1, 1], name: `conv${block}` });
      const normal = activation({ data: batchNorm({ data: branch, fixGamma: false, name: `bn${block}` }), actType: 'tanh', name: `act${block}` });
      x = block === 1 ? x.add(normal) : dropout({ data: normal, p: block === 2 ? 0.3 : 0, name: `drop${block}` });
    }
    return fullyConnected({ data: flatten({ data: pooling({ data: x, kernel: [2, 2], stride: [2, 2], name: 'pool' }), name: 'flat' }), numHidden: 2, name: 'fc' });
  };
  const step = async (recompute: Recompute, readsBetween: boolean): Promise<{ gradients: number[][]; steps: number }> => {
    const executor = fill(simpleBind(net(), { shapes: { data: [2, 3, 4, 4] }, recompute, random: new RandomGenerator(3) }));
    await executor.forward({ isTrain: true });
    const before = evaluationCounts().runs;
    if (readsBetween) await executor.outputs[0]!.data();
    await executor.backward(ones([2, 2]));
    const gradients = await Promise.all(executor.gradArrays.map(async (gradient) => [...(await gradient!.data())]));
    const moving = await Promise.all(executor.auxArrays.map(async (state) => [...(await state.data())]));
    return { gradients: [...gradients, ...moving], steps: evaluationCounts().runs - before };
  };
  it.each<[string, Recompute, boolean]>([
    ['of everything cheap', true, false],
    ['of everything cheap, with outputs read before backward', true, true],
    ['of chosen nodes', (node) => /^(bn|act|conv1)/.test(node.name), false],
    ['of all that can be', () => true, false],
  ])('%s gives the same gradients and moving averages', async (_, recompute, readsBetween) => {
    const kept = await step(false, readsBetween);
    const again = await step(recompute, readsBetween);
    again.gradients.forEach((gradient, i) => gradient.forEach((value, k) => expect(value, `${i} ${k}`).toBeCloseTo(kept.gradients[i]![k]!, 4)));
    expect(again.steps).toBe(kept.steps);
  });
});
