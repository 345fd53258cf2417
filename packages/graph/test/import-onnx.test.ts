import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { array, RandomGenerator } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
// The writer that programs are compiled with makes the files to read.
import { writeModel, type OnnxAttribute, type OnnxNode, type OnnxTensor } from '../../ndarray/src/engines/onnx/model-writer.js';
import { activation, convolution, exportOnnx, flatten, fullyConnected, importOnnx, pooling, simpleBind, Symbol, variable } from '../src/index.js';
import { runOnnxFile } from './plain-onnx-runtime.js';

type Attributes = { readonly [name: string]: OnnxAttribute };

const random = new RandomGenerator(11);

function numbers(name: string, shape: readonly number[], low = -1): OnnxTensor {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => low + (1 - low) * random.nextUniform());
  return { name, type: 'float32', shape, bytes: new Uint8Array(data.buffer) };
}

function integers(name: string, list: readonly number[]): OnnxTensor {
  return { name, type: 'int64', shape: [list.length], bytes: new Uint8Array(BigInt64Array.from(list, BigInt).buffer) };
}

const number = (name: string, value: number): OnnxTensor => ({ name, type: 'float32', shape: [], bytes: new Uint8Array(Float32Array.of(value).buffer) });

/** A chain of nodes from x to y; constants by name. */
function model(shape: readonly number[], nodes: readonly (readonly [type: string, inputs: readonly string[], attributes?: Attributes])[], initializers: readonly OnnxTensor[], output: readonly number[]): Uint8Array {
  const chain = nodes.map(([type, more, attributes = {}], i): OnnxNode => ({ type, inputs: [i === 0 ? 'x' : `h${i}`, ...more], outputs: [i === nodes.length - 1 ? 'y' : `h${i + 1}`], attributes }));
  return writeModel({ nodes: chain, initializers, inputs: [{ name: 'x', type: 'float32', shape }], outputs: [{ name: 'y', type: 'float32', shape: output }] });
}

const image = [2, 3, 6, 6];

const files: readonly (readonly [claim: string, shape: readonly number[], file: Uint8Array])[] = [
  ['a small convolutional network', image, model(image, [
    ['Conv', ['w', 'b'], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }],
    ['BatchNormalization', ['g', 'be', 'm', 'v'], { epsilon: { float: 1e-3 } }],
    ['Relu', []], ['MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] }], ['Flatten', []], ['Gemm', ['fw', 'fb'], { transB: 1 }], ['Softmax', [], { axis: 1 }],
  ], [numbers('w', [4, 3, 3, 3]), numbers('b', [4]), numbers('g', [4]), numbers('be', [4]), numbers('m', [4]), numbers('v', [4], 0.2), numbers('fw', [5, 36]), numbers('fb', [5])], [2, 5])],
  ['groups, strides and a transposed convolution', [1, 4, 7, 7], model([1, 4, 7, 7], [
    ['Conv', ['w'], { kernel_shape: [3, 3], strides: [2, 2], group: 2 }], ['LeakyRelu', [], { alpha: { float: 0.3 } }],
    ['ConvTranspose', ['v'], { kernel_shape: [2, 2], strides: [2, 2] }], ['AveragePool', [], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }], ['GlobalAveragePool', []],
  ], [numbers('w', [2, 2, 3, 3]), numbers('v', [2, 3, 2, 2])], [1, 3, 1, 1])],
  ['a product, numbers and shapes', [2, 6], model([2, 6], [
    ['MatMul', ['w']], ['Add', ['b']], ['Mul', ['two']], ['Tanh', []], ['Reshape', ['shape']], ['Transpose', [], { perm: [0, 2, 1] }], ['ReduceMean', ['axes'], { keepdims: 0 }], ['Exp', []], ['Clip', ['low', 'high']],
  ], [numbers('w', [6, 4]), numbers('b', [4]), number('two', 2), integers('shape', [0, 2, -1]), integers('axes', [1]), number('low', 0.5), number('high', 1.25)], [2, 2])],
];

async function predict(file: Uint8Array, shape: readonly number[]): Promise<{ readonly own: number[]; readonly theirs: number[] }> {
  const x = random.normal(shape);
  const { symbol, args, auxiliaryStates } = importOnnx(file);
  const executor = simpleBind(symbol, { shapes: { x: shape }, gradReq: 'null' });
  executor.copyParamsFrom(args, auxiliaryStates);
  await executor.forward({ feeds: { x } });
  const { outputs } = await runOnnxFile(file, { x });
  return { own: [...(await executor.outputs[0]!.data())], theirs: [...(await Object.values(outputs)[0]!.data())] };
}

describe('a network from ONNX gives what ONNX Runtime gives', () => {
  it.each(files)('%s', async (_, shape, file) => {
    const { own, theirs } = await predict(file, shape);
    expect(own.length).toBe(theirs.length);
    own.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 4));
  });
  it('and so does one that was exported from here', async () => {
    const net = fullyConnected({
      data: flatten({ data: pooling({ data: activation({ data: convolution({ data: variable('x'), numFilter: 4, kernel: [3, 3], name: 'conv' }), actType: 'relu', name: 'relu' }), kernel: [2, 2], stride: [2, 2], name: 'pool' }), name: 'flat' }),
      numHidden: 3, name: 'fc',
    });
    const bound = simpleBind(net, { shapes: { x: image } });
    for (const argument of bound.argArrays) argument.assign(random.normal(argument.shape));
    const { x: _, ...args } = bound.argDict;
    const { own, theirs } = await predict(await exportOnnx(net, { shapes: { x: image }, args }), image);
    own.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 3));
  });
  it('trains on, with what the file holds as its weights', () => {
    const { symbol, args, auxiliaryStates } = importOnnx(files[0]![2]);
    expect(symbol.listArguments()).toEqual(['x', 'w', 'b', 'g', 'be', 'fw', 'fb']);
    expect(Object.keys(args)).toEqual(['w', 'b', 'g', 'be', 'fw', 'fb']);
    expect(Object.keys(auxiliaryStates)).toEqual(symbol.listAuxiliaryStates());
    expect(Symbol.loadJSON(symbol.toJSONText()).inferShape({ x: image })!.outputs).toEqual([[2, 5]]);
  });
});

interface RecordedModel {
  /** base64. */
  readonly file: string;
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

const written = JSON.parse(readFileSync(new URL('../../testing/recorded/onnx-models.json', import.meta.url), 'utf8')) as { readonly [name: string]: RecordedModel };

describe('a file that another exporter wrote gives what was recorded there', () => {
  it.each(Object.entries(written))('%s', async (_, { file, shape, input, output }) => {
    const { symbol, args, auxiliaryStates } = importOnnx(Buffer.from(file, 'base64'));
    const executor = simpleBind(symbol, { shapes: { x: shape }, gradReq: 'null' });
    executor.copyParamsFrom(args, auxiliaryStates);
    await executor.forward({ feeds: { x: array([...input], { shape }) } });
    const values = await executor.outputs[0]!.data();
    expect(values.length).toBe(output.length);
    values.forEach((value, i) => expect(value).toBeCloseTo(output[i]!, 4));
  });
});

describe('importOnnx refuses', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['an operator without a counterpart', model([2], [['Mish', []]], [], [2]), /y \(Mish\): there is no counterpart; known are Conv/],
    ['pads that differ', model(image, [['AveragePool', [], { kernel_shape: [2, 2], pads: [0, 0, 1, 1] }]], [], [2, 3, 6, 6]), /y \(AveragePool\): pads 0,0,1,1 differ before and behind/],
    ['an input nobody makes', model([2], [['Add', ['nobody']]], [], [2]), /y \(Add\): its input nobody is made by no node/],
    ['other bytes', Uint8Array.of(1, 2, 3), /ONNX/],
    ['no bytes', new Uint8Array(0), /there is no graph/],
  ])('%s', (_, file, message) => {
    expect(() => importOnnx(file)).toThrow(message);
  });
  it('damaged files with one error of its own, or reads them', () => {
    const file = files[0]![2];
    const damaged = fc.tuple(fc.nat(file.length - 1), fc.nat(20), fc.uint8Array({ maxLength: 8 })).map(([at, length, put]) =>
      Uint8Array.from([...file.subarray(0, at), ...put, ...file.subarray(Math.min(file.length, at + length))]));
    fc.assert(fc.property(damaged, (bytes) => {
      try {
        importOnnx(bytes);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }), { seed: 20_260_103, numRuns: 5000 });
  }, 60_000);
});
