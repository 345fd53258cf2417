import type { ConvolutionAttributes } from '../../primitives/primitive.js';
import { sizeOf, stridesOf } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';
import type { LoweringCall } from './lowerings.js';
import type { OnnxAttribute } from './model-writer.js';

function attributesOf({ strides, padsBefore, padsAfter, dilations, groups }: ConvolutionAttributes, kernel: readonly number[]): { [name: string]: OnnxAttribute } {
  return { kernel_shape: kernel, strides, pads: [...padsBefore, ...padsAfter], dilations, group: groups };
}

export function lowerConv({ builder, attributes, operands: [x, weight] }: LoweringCall<'conv'>, bias?: string): string {
  return builder.op('Conv', [x!.name(), weight!.name(), ...(bias === undefined ? [] : [bias])], attributesOf(attributes, weight!.shape.slice(2)));
}

export function lowerConvInputGradient({ builder, attributes, operands: [gradient, weight] }: LoweringCall<'convInputGradient'>): string {
  const kernel = weight!.shape.slice(2);
  const { strides, padsBefore, padsAfter, dilations, spatial } = attributes;
  // What the forward's rounding down cut off at the end.
  const outputPadding = spatial.map((length, i) => {
    const spread = (gradient!.shape[i + 2]! - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1;
    return length - (spread - padsBefore[i]! - padsAfter[i]!);
  });
  return builder.op('ConvTranspose', [gradient!.name(), weight!.name()], { ...attributesOf(attributes, kernel), output_padding: outputPadding });
}

/** Elements above which the table of gathered columns costs more memory than its speed is worth. */
const largestColumns = 64 * 1024 * 1024;

export function lowerConvWeightGradient(call: LoweringCall<'convWeightGradient'>): string {
  const { attributes, operands: [x, gradient] } = call;
  const columns = x!.shape[0]! * x!.shape[1]! * sizeOf(attributes.kernel) * sizeOf(gradient!.shape.slice(2));
  return attributes.groups === 1 && columns > largestColumns ? weightGradientByConv(call) : weightGradientByGather(call);
}

/**
 * One matrix product over all positions and samples. With the batch innermost, the column table is gathered in blocks of whole batches, and the
 * product is threaded, which the convolution below is not: 12 ms against 24 for 50 filters of 20×5×5 on 128 images of 12×12.
 */
function weightGradientByGather({ builder, attributes, operands: [x, gradient] }: LoweringCall<'convWeightGradient'>): string {
  const { groups, kernel, padsBefore, padsAfter } = attributes;
  const [batch, channels] = x!.shape as [number, number];
  const filters = gradient!.shape[1]!;
  const spatialAxes = kernel.map((_, i) => i + 2);
  const batchLast = { perm: [1, ...spatialAxes, 0] };
  const padded = padsBefore.some((n) => n > 0) || padsAfter.some((n) => n > 0)
    ? builder.op('Pad', [x!.name(), builder.int64([0, 0, ...padsBefore, 0, 0, ...padsAfter])])
    : x!.name();
  const inputSpatial = x!.shape.slice(2).map((length, i) => length + padsBefore[i]! + padsAfter[i]!);
  const outputSpatial = gradient!.shape.slice(2);
  const taps = sizeOf(kernel);
  const positions = sizeOf(outputSpatial);
  const rows = builder.reshape(builder.sharedOp('Transpose', [padded], 1, batchLast)[0]!, [channels, sizeOf(inputSpatial), batch]);
  const gathered = builder.op('Gather', [rows, builder.int32(columnTable(attributes, kernel, inputSpatial, outputSpatial), [taps, positions])], { axis: 1 });
  const turned = builder.sharedOp('Transpose', [gradient!.name()], 1, batchLast)[0]!;
  const length = positions * batch;
  const result = groups === 1
    ? builder.op('Gemm', [builder.reshape(turned, [filters, length]), builder.reshape(gathered, [channels * taps, length])], { transB: 1 })
    : builder.op('MatMul', [
      builder.reshape(turned, [groups, filters / groups, length]),
      builder.op('Transpose', [builder.reshape(gathered, [groups, (channels / groups) * taps, length])], { perm: [0, 2, 1] }),
    ]);
  return builder.reshape(result, [filters, channels / groups, ...kernel]);
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
  const full = builder.op('Conv', [builder.op('Transpose', [x!.name()], exchanged), builder.op('Transpose', [gradient!.name()], exchanged)], {
    kernel_shape: gradient!.shape.slice(2), strides: dilations, dilations: strides, pads: [...padsBefore, ...padsAfter], group: 1,
  });
  return builder.op('Transpose', [cut(builder, full, kernel, rank)], exchanged);
}

/** Rows behind the kernel come from input the forward never used. */
function cut(builder: GraphBuilder, x: string, kernel: readonly number[], rank: number): string {
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  return builder.op('Slice', [x, builder.int64(axes.map(() => 0)), builder.int64(kernel), builder.int64(axes)]);
}
