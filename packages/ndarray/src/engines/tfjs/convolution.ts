import type { ConvolutionAttributes } from '../../primitives/primitive.js';
import type { Shape } from '../../shape.js';
import type { KernelBuilder, Slot } from './kernel-builder.js';
import { shapeIn } from './layout.js';
import type { LoweringCall } from './lowerings.js';

/** A convolution along two axes or three, channels last, as the kernels take it: padding is done before, and the kernel's gaps are zeros in it. */
interface Plan {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
  readonly groups: number;
  /** Whether an axis of length 1 was put in front: a convolution along one axis. */
  readonly widened: boolean;
}

const kernels = {
  2: { forward: 'Conv2D', input: 'Conv2DBackpropInput', weight: 'Conv2DBackpropFilter', dataFormat: 'NHWC' },
  3: { forward: 'Conv3D', input: 'Conv3DBackpropInputV2', weight: 'Conv3DBackpropFilterV2', dataFormat: 'NDHWC' },
} as const;

function planOf({ strides, dilations, padsBefore, padsAfter, groups }: ConvolutionAttributes): Plan {
  const spatial = strides.length;
  if (spatial > 3) throw new RangeError(`the tfjs engine convolves along one, two or three axes, not ${spatial}; use engine 'onnx'`);
  const widened = spatial === 1;
  const widen = (values: readonly number[], value: number): readonly number[] => (widened ? [value, ...values] : values);
  return { strides: widen(strides, 1), dilations: widen(dilations, 1), padsBefore: widen(padsBefore, 0), padsAfter: widen(padsAfter, 0), groups, widened };
}

function kernelsOf({ strides }: Plan) {
  return kernels[strides.length as 2 | 3];
}

/** Recorded N,C,spatial… shape as it lies: N,spatial…,C with the axis put in front. */
function dataShape(shape: Shape, { widened }: Plan): number[] {
  const [batch, ...rest] = shapeIn('channelsLast', shape) as [number, ...number[]];
  return [batch, ...(widened ? [1] : []), ...rest];
}

/** Recorded filters,channels,spatial… weight as spatial…,channels,filters. */
function weightOf(builder: KernelBuilder, weight: Slot, shape: Shape, { widened }: Plan): { readonly slot: Slot; readonly shape: number[] } {
  const perm = [...shape.map((_, i) => i).slice(2), 1, 0];
  const moved = perm.map((axis) => shape[axis]!);
  const wide = widened ? [1, ...moved] : moved;
  return { slot: builder.reshape(builder.transpose(weight, shape, perm), moved, wide), shape: wide };
}

/** The kernel with zeros in its gaps. */
function fillGaps(builder: KernelBuilder, weight: { readonly slot: Slot; readonly shape: readonly number[] }, dilations: readonly number[]): { readonly slot: Slot; readonly shape: number[] } {
  const shape = [...weight.shape];
  let { slot } = weight;
  dilations.forEach((factor, axis) => {
    slot = builder.spread(slot, shape, axis, factor);
    shape[axis] = (shape[axis]! - 1) * factor + 1;
  });
  return { slot, shape };
}

/** One part of an array along its last axis for each group. */
function split(builder: KernelBuilder, x: Slot, shape: Shape, groups: number): Slot[] {
  const part = shape.at(-1)! / groups;
  return Array.from({ length: groups }, (_, group) => builder.slice(x, shape, shape.map((_axis, i) => (i === shape.length - 1 ? group * part : 0)), [...shape.slice(0, -1), part]));
}

function join(builder: KernelBuilder, parts: readonly Slot[], rank: number): Slot {
  return parts.length === 1 ? parts[0]! : builder.op('Concat', parts, { axis: rank - 1 });
}

function padData(builder: KernelBuilder, x: Slot, { padsBefore, padsAfter }: Plan): Slot {
  return builder.pad(x, [0, ...padsBefore, 0], [0, ...padsAfter, 0]);
}

function paddedShape(shape: readonly number[], { padsBefore, padsAfter }: Plan): number[] {
  return shape.map((length, i) => length + (padsBefore[i - 1] ?? 0) + (padsAfter[i - 1] ?? 0));
}

export function lowerConv({ builder, attributes, operands: [x, weight], result }: LoweringCall<'conv'>): Slot {
  const plan = planOf(attributes);
  const { forward, dataFormat } = kernelsOf(plan);
  const shape = dataShape(x!.shape, plan);
  const data = padData(builder, builder.reshape(x!.slot('channelsLast'), shapeIn('channelsLast', x!.shape), shape), plan);
  // The kernels take gaps only along two axes and without strides.
  const takesGaps = plan.strides.length === 2 && plan.strides.every((stride) => stride === 1);
  const taken = weightOf(builder, weight!.slot('plain'), weight!.shape, plan);
  const filter = takesGaps ? taken : fillGaps(builder, taken, plan.dilations);
  const dilations = takesGaps ? plan.dilations : plan.dilations.map(() => 1);
  const filters = split(builder, filter.slot, filter.shape, plan.groups);
  const parts = split(builder, data, paddedShape(shape, plan), plan.groups).map((part, group) =>
    builder.op(forward, { x: part, filter: filters[group]! }, { strides: plan.strides, pad: 'valid', dataFormat, dilations }));
  return builder.reshape(join(builder, parts, shape.length), dataShape(result.shape, plan), shapeIn('channelsLast', result.shape));
}

export function lowerConvInputGradient({ builder, attributes, operands: [gradient, weight], result }: LoweringCall<'convInputGradient'>): Slot {
  const plan = planOf(attributes);
  const { input, dataFormat } = kernelsOf(plan);
  const shape = dataShape(gradient!.shape, plan);
  const padded = paddedShape(dataShape(result.shape, plan), plan);
  const dy = builder.reshape(gradient!.slot('channelsLast'), shapeIn('channelsLast', gradient!.shape), shape);
  const filter = fillGaps(builder, weightOf(builder, weight!.slot('plain'), weight!.shape, plan), plan.dilations);
  const filters = split(builder, filter.slot, filter.shape, plan.groups);
  const inputShape = [...padded.slice(0, -1), padded.at(-1)! / plan.groups];
  const perGroup: Part = { plan, dataShape: inputShape, gradientShape: [...shape.slice(0, -1), shape.at(-1)! / plan.groups], extent: filter.shape.slice(0, -2) };
  const parts = split(builder, dy, shape, plan.groups).map((part, group) =>
    builder.has(input)
      ? builder.op(input, { dy: part, filter: filters[group]! }, { inputShape, strides: plan.strides, pad: 'valid', dataFormat })
      : inputGradientByLayers(builder, part, filters[group]!, perGroup));
  const whole = dataShape(result.shape, plan);
  const cut = builder.slice(join(builder, parts, shape.length), padded, [0, ...plan.padsBefore, 0], whole);
  return builder.reshape(cut, whole, shapeIn('channelsLast', result.shape));
}

export function lowerConvWeightGradient({ builder, attributes, operands: [x, gradient], result }: LoweringCall<'convWeightGradient'>): Slot {
  const plan = planOf(attributes);
  const shape = dataShape(x!.shape, plan);
  const gradientShape = dataShape(gradient!.shape, plan);
  const data = padData(builder, builder.reshape(x!.slot('channelsLast'), shapeIn('channelsLast', x!.shape), shape), plan);
  const dy = builder.reshape(gradient!.slot('channelsLast'), shapeIn('channelsLast', gradient!.shape), gradientShape);
  const [filters, perGroup, ...recorded] = result.shape as [number, number, ...number[]];
  const kernel = plan.widened ? [1, ...recorded] : recorded;
  const extent = kernel.map((length, i) => (length - 1) * plan.dilations[i]! + 1);
  const padded = paddedShape(shape, plan);
  const gradients = split(builder, dy, gradientShape, plan.groups);
  const part: Part = { plan, dataShape: [...padded.slice(0, -1), perGroup], gradientShape: [...gradientShape.slice(0, -1), filters / plan.groups], extent };
  const parts = split(builder, data, padded, plan.groups).map((each, group) => weightGradient(builder, each, gradients[group]!, part));
  const whole = join(builder, parts, shape.length);
  const taken = plan.dilations.every((factor) => factor === 1)
    ? whole
    : builder.stridedSlice(whole, [...extent, 0, 0].map(() => 0), [...extent, perGroup, filters], [...plan.dilations, 1, 1]);
  const narrow = [...recorded, perGroup, filters];
  const rank = narrow.length;
  return builder.transpose(builder.reshape(taken, [...kernel, perGroup, filters], narrow), narrow, [rank - 1, rank - 2, ...recorded.map((_, i) => i)]);
}

/** One group's gradient, of a kernel whose gaps are filled and data that is padded. */
interface Part {
  readonly plan: Plan;
  readonly dataShape: readonly number[];
  readonly gradientShape: readonly number[];
  /** The kernel's. */
  readonly extent: readonly number[];
}

function weightGradient(builder: KernelBuilder, x: Slot, dy: Slot, part: Part): Slot {
  const { weight, dataFormat } = kernelsOf(part.plan);
  if (!builder.has(weight)) return part.extent.length === 3 ? weightGradientByLayers(builder, x, dy, part) : weightGradientByConvolution(builder, x, dy, part);
  return builder.op(weight, { x, dy }, { strides: part.plan.strides, pad: 'valid', dataFormat, filterShape: weightShape(part) });
}

function weightShape({ extent, dataShape: shape, gradientShape }: Part): number[] {
  return [...extent, shape.at(-1)!, gradientShape.at(-1)!];
}

/** The convolution of the data by the gradient, with batch and channels exchanged: for back ends without the kernel. */
function weightGradientByConvolution(builder: KernelBuilder, x: Slot, dy: Slot, { plan: { strides }, dataShape: shape, gradientShape, extent }: Part): Slot {
  const channels = shape.at(-1)!;
  const filters = gradientShape.at(-1)!;
  const exchanged = builder.transpose(x, shape, [3, 1, 2, 0]);
  const filter = builder.transpose(dy, gradientShape, [1, 2, 0, 3]);
  const full = builder.op('Conv2D', { x: exchanged, filter }, { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: strides });
  // Rows behind the kernel come from data that the forward pass never used.
  const fullShape = [channels, ...[1, 2].map((axis) => shape[axis]! - (gradientShape[axis]! - 1) * strides[axis - 1]!), filters];
  const cut = [channels, ...extent, filters];
  return builder.transpose(builder.slice(full, fullShape, [0, 0, 0, 0], cut), cut, [1, 2, 0, 3]);
}

/** A convolution along three axes is a sum over the layers of its kernel, each a convolution along two: the first axis joins the batch. */
function layerOf({ plan, dataShape: [batch, , ...data], gradientShape: [, depth, ...gradient], extent }: Part): Part {
  const joined = batch! * depth!;
  return { plan: { ...plan, strides: plan.strides.slice(1), dilations: [1, 1] }, dataShape: [joined, ...data], gradientShape: [joined, ...gradient], extent: extent.slice(1) };
}

function weightGradientByLayers(builder: KernelBuilder, x: Slot, dy: Slot, part: Part): Slot {
  const { plan: { strides }, dataShape: shape, gradientShape, extent } = part;
  const layer = layerOf(part);
  const gradient = builder.reshape(dy, gradientShape, layer.gradientShape);
  const depth = gradientShape[1]!;
  const layers = Array.from({ length: extent[0]! }, (_, at) => {
    const end = [shape[0]!, at + (depth - 1) * strides[0]! + 1, ...shape.slice(2)];
    const rows = builder.stridedSlice(x, [0, at, 0, 0, 0], end, [1, strides[0]!, 1, 1, 1]);
    const data = builder.reshape(rows, [shape[0]!, depth, ...shape.slice(2)], layer.dataShape);
    return builder.reshape(weightGradient(builder, data, gradient, layer), weightShape(layer), [1, ...weightShape(layer)]);
  });
  return layers.length === 1 ? layers[0]! : builder.op('Concat', layers, { axis: 0 });
}

function inputGradientByLayers(builder: KernelBuilder, dy: Slot, filter: Slot, part: Part): Slot {
  const { plan: { strides }, dataShape: shape, gradientShape, extent } = part;
  const layer = layerOf(part);
  const filterShape = weightShape(part);
  const gradient = builder.reshape(dy, gradientShape, layer.gradientShape);
  const spreadDepth = (gradientShape[1]! - 1) * strides[0]! + 1;
  const layers = Array.from({ length: extent[0]! }, (_, at) => {
    const weight = builder.reshape(builder.slice(filter, filterShape, [at, 0, 0, 0, 0], [1, ...weightShape(layer)]), [1, ...weightShape(layer)], weightShape(layer));
    const flat = builder.op('Conv2DBackpropInput', { dy: gradient, filter: weight }, { inputShape: layer.dataShape, strides: layer.plan.strides, pad: 'valid', dataFormat: 'NHWC' });
    const rows = [shape[0]!, gradientShape[1]!, ...shape.slice(2)];
    return builder.pad(builder.spread(builder.reshape(flat, layer.dataShape, rows), rows, 1, strides[0]!), [0, at, 0, 0, 0], [0, shape[1]! - at - spreadDepth, 0, 0, 0]);
  });
  return layers.reduce((total, each) => builder.op('Add', { a: total, b: each }));
}
