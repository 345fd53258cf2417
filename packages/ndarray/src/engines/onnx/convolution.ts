import type { ConvolutionAttributes } from '../../primitives/primitive.js';
import { sizeOf, stridesOf } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';
import { batchLastShape, fitsColumns, permutationTo, smallestBatch } from './layout.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';
import type { OnnxAttribute } from './model-writer.js';
import { padSpatial, sliceSpatial, spreadByStrides } from './spread.js';

function attributesOf({ strides, padsBefore, padsAfter, dilations, groups }: ConvolutionAttributes, kernel: readonly number[]): { [name: string]: OnnxAttribute } {
  return { kernel_shape: kernel, strides, pads: [...padsBefore, ...padsAfter], dilations, group: groups };
}

/** The same with the batch folded into the last spatial axis: neighbours along it are a batch apart. */
function foldedAttributes(attributes: ConvolutionAttributes, kernel: readonly number[], batch: number): { [name: string]: OnnxAttribute } {
  const timesBatch = (values: readonly number[]): number[] => values.map((value, i) => (i === values.length - 1 ? value * batch : value));
  const { padsBefore, padsAfter, dilations } = attributes;
  return attributesOf({ ...attributes, padsBefore: timesBatch(padsBefore), padsAfter: timesBatch(padsAfter), dilations: timesBatch(dilations) }, kernel);
}

/** One wide image in place of a batch of them: [1, channels, …, last · batch]. */
function foldBatch(builder: GraphBuilder, x: Operand): string {
  const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
  return builder.reshape(x.name('batchLast'), [1, channels, ...spatial.slice(0, -1), spatial.at(-1)! * batch]);
}

export function lowerConv({ builder, attributes, operands: [x, weight], result, layout }: LoweringCall<'conv'>, bias?: string): string {
  const kernel = weight!.shape.slice(2);
  const parameters = [weight!.name('plain'), ...(bias === undefined ? [] : [bias])];
  if (layout === 'plain') return builder.op('Conv', [x!.name('plain'), ...parameters], attributesOf(attributes, kernel));
  return builder.reshape(builder.op('Conv', [foldBatch(builder, x!), ...parameters], foldedAttributes(attributes, kernel, x!.shape[0]!)), batchLastShape(result.shape));
}

export function lowerConvInputGradient(call: LoweringCall<'convInputGradient'>): string {
  const { builder, attributes, operands: [gradient, weight], result, layout } = call;
  if (builder.device === 'webgpu' && (attributes.groups > 1 || result.shape.length > 4)) {
    const plain = inputGradientByConv(call);
    return layout === 'plain' ? plain : builder.op('Transpose', [plain], { perm: permutationTo(layout, result.shape.length) });
  }
  const kernel = weight!.shape.slice(2);
  const { strides, padsBefore, padsAfter, dilations, spatial } = attributes;
  // What the forward's rounding down cut off at the end; nothing along an axis without strides.
  const outputPadding = spatial.map((length, i) => {
    const spread = (gradient!.shape[i + 2]! - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1;
    return length - (spread - padsBefore[i]! - padsAfter[i]!);
  });
  const transposed = (x: string, given: { [name: string]: OnnxAttribute }): string =>
    builder.op('ConvTranspose', [x, weight!.name('plain')], { ...given, output_padding: outputPadding });
  if (layout === 'plain') return transposed(gradient!.name('plain'), attributesOf(attributes, kernel));
  return builder.reshape(transposed(foldBatch(builder, gradient!), foldedAttributes(attributes, kernel, gradient!.shape[0]!)), batchLastShape(result.shape));
}

/** A convolution of the spread gradient with the turned kernel. The WebGPU provider has no ConvTranspose of three axes, and a wrong one of strided groups. */
function inputGradientByConv({ builder, attributes, operands: [gradient, weight] }: LoweringCall<'convInputGradient'>): string {
  const { strides, padsBefore, dilations, groups, spatial } = attributes;
  const [filters, perGroup, ...kernel] = weight!.shape as [number, number, ...number[]];
  const axes = kernel.map((_, i) => i + 3);
  const apart = builder.op('Transpose', [builder.reshape(weight!.name('plain'), [groups, filters / groups, perGroup, ...kernel])], { perm: [0, 2, 1, ...axes] });
  const exchanged = builder.reshape(apart, [groups * perGroup, filters / groups, ...kernel]);
  const each = (value: number): number[] => kernel.map(() => value);
  const turned = sliceSpatial(builder, exchanged, each(-1), each(-2147483648), each(-1));
  const spread = spreadByStrides(builder, gradient!.name('plain'), gradient!.shape, strides);
  const before = kernel.map((length, i) => dilations[i]! * (length - 1) - padsBefore[i]!);
  const after = spatial.map((length, i) => length - gradient!.shape[i + 2]! * strides[i]! + padsBefore[i]!);
  const positive = (values: readonly number[]): number[] => values.map((value) => Math.max(0, value));
  const full = builder.op('Conv', [spread, turned], attributesOf({ ...attributes, strides: each(1), padsBefore: positive(before), padsAfter: positive(after) }, kernel));
  const begin = before.map((value) => Math.max(0, -value));
  return sliceSpatial(builder, full, begin, begin.map((value, i) => value + spatial[i]!));
}

export function lowerConvWeightGradient(call: LoweringCall<'convWeightGradient'>): string {
  const { attributes: { groups, kernel }, operands: [x, gradient] } = call;
  if (groups === 1 && x!.shape[0]! < smallestBatch && sizeOf(kernel) <= mostSlices && fitsColumns(x!.shape, gradient!.shape, kernel)) return weightGradientBySlices(call);
  return groups > 1 || fitsColumns(x!.shape, gradient!.shape, kernel) ? weightGradientByGather(call) : weightGradientByConv(call);
}

/**
 * One matrix product over all positions and samples. With the batch innermost, the column table is gathered in blocks of whole batches, and the
 * product is threaded, which the convolution below is not: 12 ms against 24 for 50 filters of 20×5×5 on 128 images of 12×12.
 */
function weightGradientByGather({ builder, attributes, operands: [x, gradient] }: LoweringCall<'convWeightGradient'>): string {
  const { groups, kernel, padsBefore, padsAfter } = attributes;
  const [batch, channels] = x!.shape as [number, number];
  const filters = gradient!.shape[1]!;
  const padded = padsBefore.some((n) => n > 0) || padsAfter.some((n) => n > 0)
    ? builder.op('Pad', [x!.name('batchLast'), builder.int64([0, ...padsBefore, 0, 0, ...padsAfter, 0])])
    : x!.name('batchLast');
  const inputSpatial = x!.shape.slice(2).map((length, i) => length + padsBefore[i]! + padsAfter[i]!);
  const outputSpatial = gradient!.shape.slice(2);
  const taps = sizeOf(kernel);
  const positions = sizeOf(outputSpatial);
  const rows = builder.reshape(padded, [channels, sizeOf(inputSpatial), batch]);
  const table = builder.int32(columnTable(attributes, kernel, inputSpatial, outputSpatial), [taps, positions]);
  const gathered = builder.op('Gather', [rows, table], { axis: 1 });
  const length = positions * batch;
  const perGroup = channels / groups;
  const shape = [filters, perGroup, ...kernel];
  if (groups > 1) {
    const left = builder.reshape(gradient!.name('batchLast'), [groups, filters / groups, length]);
    const right = builder.op('Transpose', [builder.reshape(gathered, [groups, perGroup * taps, length])], { perm: [0, 2, 1] });
    return builder.reshape(builder.op('MatMul', [left, right]), shape);
  }
  const columns = builder.reshape(gathered, [channels * taps, length]);
  const gradients = builder.reshape(gradient!.name('batchLast'), [filters, length]);
  if (channels * taps <= 2 * filters) return builder.reshape(builder.op('Gemm', [gradients, columns], { transB: 1 }), shape);
  // The longer side first: 3.9 ms against 4.4 for 500 columns and 50 filters. The reshape keeps the runtime from joining product and transpose again.
  const product = builder.reshape(builder.op('Gemm', [columns, gradients], { transB: 1 }), [channels, taps, filters]);
  return builder.reshape(builder.op('Transpose', [product], { perm: [2, 0, 1] }), shape);
}

/** Slices above which putting them together costs more than gathering their elements. */
const mostSlices = 49;

/**
 * One matrix product a sample, of what each tap of the kernel sees, side by side: slices of whole rows, where a table gathers blocks of a batch. 0.7 ms against
 * 1.8 for 48 filters of 32×3×3 on 2 images of 24×24.
 */
function weightGradientBySlices({ builder, attributes, operands: [x, gradient] }: LoweringCall<'convWeightGradient'>): string {
  const { kernel, strides, dilations, padsBefore, padsAfter } = attributes;
  const [batch, channels] = x!.shape as [number, number];
  const [, filters, ...output] = gradient!.shape as [number, number, ...number[]];
  const taps = sizeOf(kernel);
  const padded = padSpatial(builder, x!.name('plain'), padsBefore, padsAfter);
  const seen = tapsOf(kernel).map((tap) => {
    const begin = tap.map((index, axis) => index * dilations[axis]!);
    return sliceSpatial(builder, padded, begin, begin.map((start, axis) => start + (output[axis]! - 1) * strides[axis]! + 1), strides);
  });
  const columns = builder.reshape(taps === 1 ? seen[0]! : builder.op('Concat', seen, { axis: 1 }), [batch, taps * channels, sizeOf(output)]);
  const rows = builder.op('Transpose', [builder.reshape(gradient!.name('plain'), [batch, filters, sizeOf(output)])], { perm: [0, 2, 1] });
  const summed = builder.op('ReduceSum', [builder.op('MatMul', [columns, rows]), builder.int64([0])], { keepdims: 0 });
  const turned = builder.op('Transpose', [builder.reshape(summed, [taps, channels, filters])], { perm: [2, 1, 0] });
  return builder.reshape(turned, [filters, channels, ...kernel]);
}

/** The places of a kernel, in row-major order. */
function tapsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((taps, length) => taps.flatMap((tap) => Array.from({ length }, (_, i) => [...tap, i])), [[]]);
}

/** Position in the padded input of every kernel tap for every output position. */
function columnTable({ strides, dilations }: ConvolutionAttributes, kernel: readonly number[], input: readonly number[], output: readonly number[]): Int32Array {
  const inputStrides = stridesOf(input);
  const offsets = (lengths: readonly number[], factors: readonly number[]): number[] =>
    lengths.reduce<number[]>((sofar, length, axis) => sofar.flatMap((base) => Array.from({ length }, (_, i) => base + i * factors[axis]! * inputStrides[axis]!)), [0]);
  const tapOffsets = offsets(kernel, dilations);
  const positionOffsets = offsets(output, strides);
  const table = new Int32Array(tapOffsets.length * positionOffsets.length);
  tapOffsets.forEach((tap, row) => positionOffsets.forEach((position, column) => (table[row * positionOffsets.length + column] = tap + position)));
  return table;
}

/** The convolution of input and gradient with batch and channels exchanged: little memory. */
function weightGradientByConv({ builder, attributes, operands: [x, gradient] }: LoweringCall<'convWeightGradient'>): string {
  const { kernel, strides, dilations, padsBefore, padsAfter } = attributes;
  const rank = kernel.length + 2;
  const exchanged = { perm: [1, 0, ...kernel.map((_, i) => i + 2)] };
  const full = builder.op('Conv', [builder.op('Transpose', [x!.name('plain')], exchanged), builder.op('Transpose', [gradient!.name('plain')], exchanged)], {
    kernel_shape: gradient!.shape.slice(2), strides: dilations, dilations: strides, pads: [...padsBefore, ...padsAfter], group: 1,
  });
  return builder.op('Transpose', [cut(builder, full, kernel, rank)], exchanged);
}

/** Rows behind the kernel come from input the forward never used. */
function cut(builder: GraphBuilder, x: string, kernel: readonly number[], rank: number): string {
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  return builder.op('Slice', [x, builder.int64(axes.map(() => 0)), builder.int64(kernel), builder.int64(axes)]);
}
