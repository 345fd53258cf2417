import { array, ones, RandomGenerator, type NDArray, type Shape } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import {
  activation, batchNorm, blockGrad, convolution, custom, CustomOp, CustomOpProp, dropout, exportOnnx, exportTrainingStep, flatten, fullyConnected, group, pooling,
  registerCustomOp, simpleBind, variable, withNameManager, NameManager, type Executor, type Symbol,
} from '../src/index.js';
import { runOnnxFile } from './plain-onnx-runtime.js';

const shapes: { readonly data: Shape } = { data: [8, 2, 6, 6] };

function network(p = 0): Symbol {
  return withNameManager(new NameManager(), () => {
    const features = batchNorm({ data: convolution({ data: variable('data'), numFilter: 3, kernel: [3, 3], name: 'conv' }), fixGamma: false, name: 'bn' });
    const pooled = pooling({ data: activation({ data: features, actType: 'relu', name: 'relu' }), kernel: [2, 2], stride: [2, 2], name: 'pool' });
    return fullyConnected({ data: dropout({ data: flatten({ data: pooled, name: 'flat' }), p, name: 'drop' }), numHidden: 4, name: 'fc' });
  });
}

function filled(executor: Executor): Executor {
  const random = new RandomGenerator(5);
  for (const argument of executor.argArrays) argument.assign(random.normal(argument.shape));
  executor.auxDict['bn_moving_mean']?.assign(random.normal([3]));
  executor.auxDict['bn_moving_var']?.assign(random.uniform([3], 0.5, 2));
  return executor;
}

async function expectClose(found: NDArray, expected: NDArray): Promise<void> {
  expect(found.shape).toEqual(expected.shape);
  const values = await expected.data();
  (await found.data()).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 3));
}

describe('an exported inference graph', () => {
  it('gives in plain ONNX Runtime what the executor gives', async () => {
    const executor = filled(simpleBind(network(0.5), { shapes }));
    const { data, ...weights } = executor.argDict;
    const file = await exportOnnx(executor.symbol, { shapes, args: weights, auxiliaryStates: executor.auxDict });
    const { inputs, outputs } = await runOnnxFile(file, { data: data! });
    expect(inputs).toEqual(['data']);
    await executor.forward();
    await expectClose(outputs['fc_output']!, executor.outputs[0]!);
  });
  it('leaves arguments without numbers open', async () => {
    const executor = filled(simpleBind(network(), { shapes }));
    const { inputs, outputs } = await runOnnxFile(await exportOnnx(executor.symbol, { shapes }), { ...executor.argDict, ...executor.auxDict });
    expect([...inputs].sort()).toEqual([...executor.symbol.listInputs()].sort());
    await executor.forward();
    await expectClose(outputs['fc_output']!, executor.outputs[0]!);
  });
  it('may give out an input and a constant', async () => {
    const x = variable('x');
    const file = await exportOnnx(group([x, variable('c'), x.add(variable('c'))]), { shapes: { x: [2], c: [2] }, args: { c: array([3, 4]) } });
    const { outputs } = await runOnnxFile(file, { x: array([1, 2]) });
    expect(await Promise.all(Object.values(outputs).map(async (output) => [...(await output.data())]))).toEqual([[1, 2], [3, 4], [4, 6]]);
  });
});

describe('an exported training step', () => {
  it('gives the outputs, gradients and next auxiliary states of the executor', async () => {
    const executor = filled(simpleBind(network(), { shapes }));
    const file = await exportTrainingStep(executor.symbol, { shapes });
    const head = new RandomGenerator(2).normal([8, 4]);
    const { outputs } = await runOnnxFile(file, { ...executor.argDict, ...executor.auxDict, fc_output_head: head });
    await executor.forward({ isTrain: true });
    await executor.backward(head);
    expect(Object.keys(outputs).length).toBe(1 + executor.argArrays.length + executor.auxArrays.length);
    await expectClose(outputs['fc_output']!, executor.outputs[0]!);
    for (const [name, gradient] of Object.entries(executor.gradDict)) await expectClose(outputs[`${name}_grad`]!, gradient!);
    for (const [name, state] of Object.entries(executor.auxDict)) await expectClose(outputs[`${name}_next`]!, state);
  });
  it('asks for the random numbers of Dropout, and no head for what is no loss of its own', async () => {
    const x = variable('x');
    const file = await exportTrainingStep(group([dropout({ data: x, p: 0.5, name: 'drop' }), blockGrad({ data: x, name: 'block' })]), { shapes: { x: [4] } });
    const { inputs, outputs } = await runOnnxFile(file, { x: array([1, 2, 3, 4]), uniform0: array([0.1, 0.9, 0.2, 0.8]), drop_output_head: ones([4]) });
    expect([...inputs].sort()).toEqual(['drop_output_head', 'uniform0', 'x']);
    expect([...(await outputs['x_grad']!.data())]).toEqual([2, 0, 2, 0]);
  });
});

describe('exportOnnx refuses', () => {
  class Same extends CustomOpProp {
    override createOperator(): CustomOp {
      return new CustomOp();
    }
  }
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['shapes that do not determine the rest', () => exportOnnx(network(), { shapes: {} }), /do not determine .*data/],
    ['numbers of another shape', () => exportOnnx(network(), { shapes, args: { fc_bias: ones([5]) } }), /fc \(FullyConnected\).*\[5\].*\[4\]|fc_bias has shape \[5\]/],
    ['an operator that computes outside', () => {
      registerCustomOp('export_same', Same);
      return exportOnnx(custom({ opType: 'export_same', data: variable('x'), name: 'same' }), { shapes: { x: [2] } });
    }, /same \(Custom\) computes outside the graph/],
  ])('%s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});
