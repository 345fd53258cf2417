import type { ConvolutionAttributes } from '../../primitives/primitive.js';
import { sameShape, sizeOf, stridesOf } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';
import { batchLastShape, fitsColumns, permutationTo, smallestBatch } from './layout.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';
import type { OnnxAttribute } from './model-writer.js';
import { sliceSpatial, spreadByStrides } from './spread.js';

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
  const prefersConv = builder.target === 'webgpu' ? attributes.groups > 1 || result.shape.length > 4 : builder.target === 'cpu' && gainsByTurning(call);
  if (prefersConv) return inputGradientByConv(call);
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

/**
 * Whether `Conv` with the turned kernel is the faster gradient: columns of the gradient are copied as they are multiplied, while `ConvTranspose` makes those of the result and adds them up on one
 * thread. 0.3 ms against 0.5 for 16 filters of 48×3×3 on 2 images of 24×24, 5 against 11 for 20 of 20×5×5 on 128 of 12×12 with the batch innermost; but the other way round where the gradient
 * has clearly more columns than the result, and where the kernel itself is what takes time to turn.
 */
function gainsByTurning({ attributes, operands: [gradient, weight], result }: LoweringCall<'convInputGradient'>): boolean {
  const { strides, padsBefore, padsAfter, dilations, spatial, groups } = attributes;
  const [batch, filters, ...output] = gradient!.shape as [number, number, ...number[]];
  const fits = spatial.every((_, i) => strides[i] === 1 && Math.max(padsBefore[i]!, padsAfter[i]!) <= dilations[i]! * (weight!.shape[i + 2]! - 1));
  return fits && filters * sizeOf(spatial) <= 1.25 * result.shape[1]! * sizeOf(output) && 4 * (filters / groups) <= batch * sizeOf(spatial);
}

/** A convolution of the spread gradient with the turned kernel. The WebGPU provider has no ConvTranspose of three axes, and a wrong one of strided groups. */
function inputGradientByConv({ builder, attributes, operands: [gradient, weight], result, layout }: LoweringCall<'convInputGradient'>): string {
  const { strides, padsBefore, dilations, groups, spatial } = attributes;
  const kernel = weight!.shape.slice(2);
  const turned = turnedKernel(builder, weight!, groups);
  const before = kernel.map((length, i) => dilations[i]! * (length - 1) - padsBefore[i]!);
  const after = spatial.map((length, i) => length - gradient!.shape[i + 2]! * strides[i]! + padsBefore[i]!);
  const positive = (values: readonly number[]): number[] => values.map((value) => Math.max(0, value));
  const given = { ...attributes, strides: kernel.map(() => 1), padsBefore: positive(before), padsAfter: positive(after) };
  const isWhole = [...before, ...after].every((length) => length >= 0);
  if (layout === 'batchLast' && isWhole && strides.every((stride) => stride === 1)) {
    return builder.reshape(builder.op('Conv', [foldBatch(builder, gradient!), turned], foldedAttributes(given, kernel, gradient!.shape[0]!)), batchLastShape(result.shape));
  }
  const full = builder.op('Conv', [spreadByStrides(builder, gradient!.name('plain'), gradient!.shape, strides), turned], attributesOf(given, kernel));
  const begin = before.map((value) => Math.max(0, -value));
  const plain = isWhole ? full : sliceSpatial(builder, full, begin, begin.map((value, i) => value + spatial[i]!));
  return layout === 'plain' ? plain : builder.op('Transpose', [plain], { perm: permutationTo(layout, result.shape.length) });
}

/** The kernel of the way back: filters and channels exchanged within their group, taps in reverse. */
function turnedKernel(builder: GraphBuilder, weight: Operand, groups: number): string {
  const [filters, perGroup, ...kernel] = weight.shape as [number, number, ...number[]];
  const taps = sizeOf(kernel);
  const shape = [groups * perGroup, filters / groups, taps];
  const grouped = [groups, filters / groups, perGroup, taps];
  const exchanged = builder.rearrange(builder.reshape(weight.name('plain'), grouped), grouped, [0, 2, 1, 3], shape);
  return builder.reshape(reverseLast(builder, exchanged, taps), [...shape.slice(0, 2), ...kernel]);
}

/** The third axis in reverse: its parts put together again, where a slice that walks backwards takes 6 ns an element. The WebGPU provider cannot split into more than a few. */
function reverseLast(builder: GraphBuilder, x: string, length: number): string {
  if (length === 1) return x;
  if (builder.target === 'webgpu') return sliceSpatial(builder, x, [-1], [-2147483648], [-1]);
  return builder.op('Concat', builder.opMany('Split', [x], length, { axis: 2, num_outputs: length }).toReversed(), { axis: 2 });
}

export function lowerConvWeightGradient(call: LoweringCall<'convWeightGradient'>): string {
  const { attributes: { kernel }, operands: [x, gradient] } = call;
  const gathers = x!.shape[0]! >= smallestBatch && fitsColumns(x!.shape, gradient!.shape, kernel);
  return gathers ? weightGradientByGather(call) : weightGradientByConv(call);
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

/**
 * The convolution of the input with the gradient, batch and channels exchanged, the input's channels side by side in the last axis: one image in which every tap of the kernel
 * is a run of channels. Columns are copied in blocks as they are multiplied, with no memory for all of them: 0.6 ms for 48 filters of 32×3×3 on 2 images of 24×24, against 0.9 with a
 * slice a tap, and 2.1 with a table.
 */
function weightGradientByConv({ builder, attributes, operands: [x, gradient] }: LoweringCall<'convWeightGradient'>): string {
  const { groups, kernel, strides, dilations, padsBefore } = attributes;
  const [batch, channels, ...input] = x!.shape as [number, number, ...number[]];
  const [, filters, ...output] = gradient!.shape as [number, number, ...number[]];
  const [perGroup, last, axes] = [channels / groups, kernel.length - 1, kernel.map((_, i) => i + 2)];
  const timesChannels = (values: readonly number[]): number[] => values.map((value, i) => (i === last ? value * perGroup : value));
  const wide = [1, groups * batch, ...timesChannels(input)];
  const apart = [batch, groups, perGroup, sizeOf(input)];
  const image = groups === 1
    ? builder.rearrange(x!.name('plain'), x!.shape, [0, ...axes, 1], wide)
    : builder.rearrange(builder.reshape(x!.name('plain'), apart), apart, [1, 0, 3, 2], wide);
  const weight = builder.rearrange(gradient!.name('plain'), gradient!.shape, [1, 0, ...axes], [filters, batch, ...output]);
  // Taps are a dilation apart, but for the last axis, whose neighbours are channels: there, what lies between is cut out afterwards.
  const steps = dilations.map((dilation, i) => (i === last ? 1 : dilation));
  const picked = dilations.map((dilation, i) => (i === last ? dilation : 1));
  const end = kernel.map((length, i) => picked[i]! * (length - 1) + 1);
  // Elements that the forward used behind the input: zeros. Where it left some unused, the convolution goes on behind the kernel.
  const behind = kernel.map((length, i) => (output[i]! - 1) * strides[i]! + dilations[i]! * (length - 1) + 1 - padsBefore[i]! - input[i]!);
  const found = end.map((length, i) => length + Math.floor(Math.max(0, -behind[i]!) / steps[i]!));
  const padsAfter = timesChannels(behind.map((length) => Math.max(0, length)));
  const given = { strides: steps, dilations: timesChannels(strides), padsBefore: timesChannels(padsBefore), padsAfter, groups };
  const full = builder.op('Conv', [image, weight], attributesOf(given, output));
  const cut = sameShape(found, kernel) ? full : sliceSpatial(builder, builder.reshape(full, [filters, 1, ...found, perGroup]), kernel.map(() => 0), end, picked);
  const taps = [filters, sizeOf(kernel), perGroup];
  return builder.rearrange(builder.reshape(cut, taps), taps, [0, 2, 1], [filters, perGroup, ...kernel]);
}
