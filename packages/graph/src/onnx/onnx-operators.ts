import * as arrays from '../creators/arrays.js';
import * as elementwise from '../creators/elementwise.js';
import * as layers from '../creators/layers.js';
import type { Symbol } from '../symbol/symbol.js';
import type { OnnxCall } from './import-onnx.js';
import { padded, shapingOperators } from './onnx-shaping.js';

/** How a node of an ONNX operator becomes a symbol. */
export type OnnxConversion = (call: OnnxCall) => Symbol;

type Unary = (options: { readonly data: Symbol; readonly name: string }) => Symbol;
type Binary = (options: { readonly lhs: Symbol; readonly rhs: Symbol; readonly name: string }) => Symbol;

const unary = (create: Unary): OnnxConversion => (call) => create({ data: call.input(0), name: call.name });

/** ONNX broadcasts; a single number in the file is a part of the operator. */
const binary = (create: Binary, right: (x: Symbol, number: number) => Symbol, left: (x: Symbol, number: number) => Symbol = right): OnnxConversion => (call) => {
  const [lhs, rhs] = [call.tensor(0), call.tensor(1)];
  if (rhs?.shape.length === 0 && !lhs) return right(call.input(0), rhs.data[0]!);
  if (lhs?.shape.length === 0 && !rhs) return left(call.input(1), lhs.data[0]!);
  return create({ lhs: call.input(0), rhs: call.input(1), name: call.name });
};

const activation = (actType: 'relu' | 'sigmoid' | 'tanh' | 'softrelu' | 'softsign'): OnnxConversion => (call) => layers.activation({ data: call.input(0), actType, name: call.name });

const reduction = (create: typeof arrays.sum): OnnxConversion => (call) => {
  const axis = call.list('axes') ?? (call.has(1) ? call.constant(1, 'axes') : null);
  return create({ data: call.input(0), axis: axis && [...axis], keepdims: call.number('keepdims', 1) !== 0, name: call.name });
};

const softmaxOf = (create: typeof arrays.softmax): OnnxConversion => (call) => create({ data: call.input(0), axis: call.number('axis', -1), name: call.name });

interface Window {
  readonly data: Symbol;
  readonly stride: readonly number[];
  readonly dilate: readonly number[];
  readonly pad: readonly number[];
}

/** Strides, dilations and pads. Pads that differ before and behind become a padding of the data by `filler`. */
function window(call: OnnxCall, axes: number, filler?: number): Window {
  const auto = call.text('auto_pad', 'NOTSET');
  if (auto !== 'NOTSET' && auto !== 'VALID') call.fail(`auto_pad ${auto} is not read; export the model with explicit pads`);
  const ones = new Array<number>(axes).fill(1);
  const pads = call.list('pads') ?? new Array<number>(2 * axes).fill(0);
  const [before, after] = [pads.slice(0, axes), pads.slice(axes)];
  const rest = { stride: call.list('strides') ?? ones, dilate: call.list('dilations') ?? ones };
  if (before.join() === after.join()) return { data: call.input(0), pad: before, ...rest };
  if (filler === undefined) call.fail(`pads ${pads.join()} differ before and behind; put a Pad in front of it`);
  const zeros = ones.map(() => 0);
  return { data: padded(call, call.input(0), [0, 0, ...before], [0, 0, ...after], 'constant', filler!, `${call.name}_padded`), pad: zeros, ...rest };
}

function kernelOf(call: OnnxCall): readonly number[] {
  return call.list('kernel_shape') ?? call.shapeOf(1)?.slice(2) ?? call.fail('kernel_shape is missing');
}

function weightShape(call: OnnxCall): readonly number[] {
  return call.shapeOf(1) ?? call.fail('the shape of its weight must stand in the file');
}

const pooling = (poolType: 'max' | 'avg'): OnnxConversion => (call) => {
  const kernel = kernelOf(call);
  const countsPadding = call.number('count_include_pad', 0) !== 0;
  const { data, stride, dilate, pad } = window(call, kernel.length, poolType === 'max' ? -3.4e38 : countsPadding ? 0 : undefined);
  if (dilate.some((step) => step !== 1)) call.fail('dilated windows have no counterpart');
  return layers.pooling({
    data, kernel, stride, pad, poolType, poolingConvention: call.number('ceil_mode', 0) === 0 ? 'valid' : 'full', countIncludePad: countsPadding, name: call.name,
  });
};

const globalPooling = (poolType: 'max' | 'avg'): OnnxConversion => (call) => layers.pooling({ data: call.input(0), globalPool: true, poolType, name: call.name });

const convolution: OnnxConversion = (call) => {
  const kernel = kernelOf(call);
  const bias = call.has(2) ? call.input(2) : undefined;
  return layers.convolution({
    weight: call.input(1), ...(bias ? { bias } : { noBias: true }), kernel, numFilter: weightShape(call)[0]!, numGroup: call.number('group', 1),
    ...window(call, kernel.length, 0), name: call.name,
  });
};

const deconvolution: OnnxConversion = (call) => {
  const kernel = kernelOf(call);
  const bias = call.has(2) ? call.input(2) : undefined;
  const groups = call.number('group', 1);
  if (call.list('output_shape')) call.fail('output_shape has no counterpart; give pads and output_padding');
  return layers.deconvolution({
    weight: call.input(1), ...(bias ? { bias, noBias: false } : {}), kernel, numFilter: weightShape(call)[1]! * groups, numGroup: groups,
    ...window(call, kernel.length), adj: call.list('output_padding') ?? [], name: call.name,
  });
};

const gemm: OnnxConversion = (call) => {
  if (call.number('alpha', 1) !== 1 || call.number('beta', 1) !== 1) call.fail('alpha and beta must be 1; multiply by them apart');
  const [transA, transB] = [call.number('transA', 0) !== 0, call.number('transB', 0) !== 0];
  const weight = call.tensor(1);
  const added = call.tensor(2)?.shape;
  if (!transA && transB && weight && (!call.has(2) || (added?.length === 1 && added[0] === weight.shape[0]))) {
    const bias = call.has(2) ? call.input(2) : undefined;
    return layers.fullyConnected({ data: call.input(0), weight: call.input(1), ...(bias ? { bias } : { noBias: true }), numHidden: weight.shape[0]!, flatten: false, name: call.name });
  }
  const product = arrays.dot({ lhs: call.input(0), rhs: call.input(1), transposeA: transA, transposeB: transB, name: call.name });
  return call.has(2) ? elementwise.broadcastAdd({ lhs: product, rhs: call.input(2), name: `${call.name}_sum` }) : product;
};

/** ONNX operators (set 13 and later) that have a counterpart, by name. */
export const convertibleOperators: { readonly [operator: string]: OnnxConversion } = {
  Conv: convolution,
  ConvTranspose: deconvolution,
  Gemm: gemm,
  MatMul: (call) => {
    const create = call.tensor(1)?.shape.length === 2 || call.tensor(0)?.shape.length === 2 ? arrays.dot : arrays.batchDot;
    return create({ lhs: call.input(0), rhs: call.input(1), name: call.name });
  },
  MaxPool: pooling('max'),
  AveragePool: pooling('avg'),
  MaxRoiPool: (call) =>
    layers.roiPooling({
      data: call.input(0), rois: call.input(1), pooledSize: [...(call.list('pooled_shape') ?? [])], spatialScale: call.number('spatial_scale', 1), name: call.name,
    }),
  GlobalMaxPool: globalPooling('max'),
  GlobalAveragePool: globalPooling('avg'),
  BatchNormalization: (call) =>
    layers.batchNorm({
      data: call.input(0), gamma: call.input(1), beta: call.input(2), movingMean: call.input(3), movingVar: call.input(4), eps: call.number('epsilon', 1e-5),
      momentum: call.number('momentum', 0.9), fixGamma: false, name: call.name,
    }),
  InstanceNormalization: (call) => layers.instanceNorm({ data: call.input(0), gamma: call.input(1), beta: call.input(2), eps: call.number('epsilon', 1e-5), name: call.name }),
  LayerNormalization: (call) => {
    if (call.number('axis', -1) !== -1) call.fail('only the last axis is normalised');
    return layers.layerNorm({ data: call.input(0), gamma: call.input(1), beta: call.input(2), eps: call.number('epsilon', 1e-5), name: call.name });
  },
  LRN: (call) =>
    layers.lrn({ data: call.input(0), nsize: call.number('size', 0), alpha: call.number('alpha', 1e-4), beta: call.number('beta', 0.75), knorm: call.number('bias', 1), name: call.name }),
  Relu: activation('relu'),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  Softplus: activation('softrelu'),
  Softsign: activation('softsign'),
  LeakyRelu: (call) => layers.leakyReLU({ data: call.input(0), actType: 'leaky', slope: call.number('alpha', 0.01), name: call.name }),
  Elu: (call) => layers.leakyReLU({ data: call.input(0), actType: 'elu', slope: call.number('alpha', 1), name: call.name }),
  Selu: (call) => layers.leakyReLU({ data: call.input(0), actType: 'selu', name: call.name }),
  HardSigmoid: (call) => elementwise.hardSigmoid({ data: call.input(0), alpha: call.number('alpha', 0.2), beta: call.number('beta', 0.5), name: call.name }),
  Softmax: softmaxOf(arrays.softmax),
  LogSoftmax: softmaxOf(arrays.logSoftmax),
  Dropout: (call) => layers.dropout({ data: call.input(0), p: call.has(1) ? call.constant(1, 'ratio')[0]! : 0.5, name: call.name }),
  Add: binary(elementwise.broadcastAdd, (x, number) => x.add(number)),
  Sub: binary(elementwise.broadcastSub, (x, number) => x.sub(number), (x, number) => x.rsub(number)),
  Mul: binary(elementwise.broadcastMul, (x, number) => x.mul(number)),
  Div: binary(elementwise.broadcastDiv, (x, number) => x.div(number), (x, number) => x.rdiv(number)),
  Pow: binary(elementwise.broadcastPower, (x, number) => x.pow(number), (x, number) => x.rpow(number)),
  Max: binary(elementwise.broadcastMaximum, (x, number) => x.maximum(number)),
  Min: binary(elementwise.broadcastMinimum, (x, number) => x.minimum(number)),
  Sum: (call) => elementwise.addN({ inputs: call.node.inputs.map((_, i) => call.input(i)), name: call.name }),
  Neg: unary(elementwise.negative),
  Abs: unary(elementwise.abs),
  Sign: unary(elementwise.sign),
  Sqrt: unary(elementwise.sqrt),
  Reciprocal: unary(elementwise.reciprocal),
  Exp: unary(elementwise.exp),
  Log: unary(elementwise.log),
  Sin: unary(elementwise.sin),
  Cos: unary(elementwise.cos),
  Tan: unary(elementwise.tan),
  Asin: unary(elementwise.arcsin),
  Acos: unary(elementwise.arccos),
  Atan: unary(elementwise.arctan),
  Sinh: unary(elementwise.sinh),
  Cosh: unary(elementwise.cosh),
  Asinh: unary(elementwise.arcsinh),
  Acosh: unary(elementwise.arccosh),
  Atanh: unary(elementwise.arctanh),
  Erf: unary(elementwise.erf),
  Floor: unary(elementwise.floor),
  Ceil: unary(elementwise.ceil),
  Identity: unary(elementwise.identity),
  Clip: (call) =>
    elementwise.clip({
      data: call.input(0), aMin: call.has(1) ? call.constant(1, 'minimum')[0]! : -3.4e38, aMax: call.has(2) ? call.constant(2, 'maximum')[0]! : 3.4e38, name: call.name,
    }),
  Flatten: (call) => {
    if (call.number('axis', 1) !== 1) call.fail('only axis 1 has a counterpart');
    return arrays.flatten({ data: call.input(0), name: call.name });
  },
  Reshape: (call) => {
    const shape = call.constant(1, 'shape');
    if (call.number('allowzero', 0) !== 0 && shape.includes(0)) call.fail('an axis of length 0 has no counterpart');
    return arrays.reshape({ data: call.input(0), shape, name: call.name });
  },
  Transpose: (call) => arrays.transpose({ data: call.input(0), axes: call.list('perm') ?? [], name: call.name }),
  Unsqueeze: (call) => {
    const axes = call.list('axes') ?? call.constant(1, 'axes');
    return axes.reduce((data, axis, i) => arrays.expandDims({ data, axis, name: i === axes.length - 1 ? call.name : `${call.name}_${i}` }), call.input(0));
  },
  Concat: (call) => arrays.concat({ inputs: call.node.inputs.map((_, i) => call.input(i)), dim: call.number('axis', 0), name: call.name }),
  Split: (call) => {
    const parts = call.has(1) ? call.constant(1, 'split') : [];
    if (parts.some((length) => length !== parts[0])) call.fail('only equal parts have a counterpart');
    return arrays.sliceChannel({ data: call.input(0), numOutputs: call.node.outputs.length, axis: call.number('axis', 0), name: call.name });
  },
  Gather: (call) => arrays.take({ a: call.input(0), indices: call.input(1), axis: call.number('axis', 0), name: call.name }),
  ReduceSum: reduction(arrays.sum),
  ReduceMean: reduction(arrays.mean),
  ReduceMax: reduction(arrays.max),
  ReduceMin: reduction(arrays.min),
  ReduceProd: reduction(arrays.prod),
  ...shapingOperators,
};
