import type { WindowAttributes } from '../../primitives/primitive.js';
import type { KernelBuilder, Slot } from './kernel-builder.js';
import { shapeIn } from './layout.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';

const kernels = {
  2: { forward: 'MaxPool', gradient: 'MaxPoolGrad', dataFormat: 'NHWC' },
  3: { forward: 'MaxPool3D', gradient: 'MaxPool3DGrad', dataFormat: 'NDHWC' },
} as const;

/** A pooling along two axes or three, channels last; padding is done before. */
interface Plan {
  readonly names: (typeof kernels)[2 | 3];
  readonly attributes: { readonly filterSize: readonly number[]; readonly strides: readonly number[]; readonly pad: 'valid'; readonly dataFormat: string };
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
  readonly widened: boolean;
}

function planOf({ kernel, strides, padsBefore, padsAfter }: WindowAttributes): Plan {
  const spatial = kernel.length;
  if (spatial > 3) throw new RangeError(`the tfjs engine pools along one, two or three axes, not ${spatial}; use engine 'onnx'`);
  const widened = spatial === 1;
  const widen = (values: readonly number[], value: number): readonly number[] => (widened ? [value, ...values] : values);
  const names = kernels[Math.max(spatial, 2) as 2 | 3];
  return {
    names, widened, attributes: { filterSize: widen(kernel, 1), strides: widen(strides, 1), pad: 'valid', dataFormat: names.dataFormat },
    padsBefore: widen(padsBefore, 0), padsAfter: widen(padsAfter, 0),
  };
}

function wideShape(shape: readonly number[], { widened }: Plan): number[] {
  const [batch, ...rest] = shapeIn('channelsLast', shape) as [number, ...number[]];
  return [batch, ...(widened ? [1] : []), ...rest];
}

function wideSlot(builder: KernelBuilder, x: Operand, plan: Plan): Slot {
  return builder.reshape(x.slot('channelsLast'), shapeIn('channelsLast', x.shape), wideShape(x.shape, plan));
}

function paddedSlot(builder: KernelBuilder, x: Operand, plan: Plan): Slot {
  return builder.pad(wideSlot(builder, x, plan), [0, ...plan.padsBefore, 0], [0, ...plan.padsAfter, 0], Number.NEGATIVE_INFINITY);
}

export function lowerMaxPool({ builder, attributes, operands: [x], result }: LoweringCall<'maxPool'>): Slot {
  const plan = planOf(attributes);
  const pooled = builder.op(plan.names.forward, { x: paddedSlot(builder, x!, plan) }, plan.attributes);
  return builder.reshape(pooled, wideShape(result.shape, plan), shapeIn('channelsLast', result.shape));
}

/** The gradient goes to the first maximum of each window, in row-major order. */
export function lowerMaxPoolGradient({ builder, attributes, operands: [x, pooled, gradient], result }: LoweringCall<'maxPoolGradient'>): Slot {
  const plan = planOf(attributes);
  const whole = wideShape(result.shape, plan);
  const windows: Windows = {
    plan,
    input: paddedSlot(builder, x!, plan),
    output: wideSlot(builder, pooled!, plan),
    dy: wideSlot(builder, gradient!, plan),
    padded: whole.map((length, i) => length + (plan.padsBefore[i - 1] ?? 0) + (plan.padsAfter[i - 1] ?? 0)),
    pooled: wideShape(pooled!.shape, plan),
  };
  const spread = builder.has(plan.names.gradient) ? byKernel(builder, windows) : byComparison(builder, windows);
  const cut = builder.slice(spread, windows.padded, [0, ...plan.padsBefore, 0], whole);
  return builder.reshape(cut, whole, shapeIn('channelsLast', result.shape));
}

/** What a pooling's gradient is made of, channels last and padded. */
interface Windows {
  readonly plan: Plan;
  readonly input: Slot;
  readonly output: Slot;
  readonly dy: Slot;
  readonly padded: readonly number[];
  readonly pooled: readonly number[];
}

function byKernel(builder: KernelBuilder, { plan, input, output, dy }: Windows): Slot {
  return builder.op(plan.names.gradient, { dy, input, output }, plan.attributes);
}

/** One place of the window after the other: where it holds the maximum, and none before it does, it takes the gradient. */
function byComparison(builder: KernelBuilder, { plan, input, output, dy, padded, pooled }: Windows): Slot {
  const { filterSize, strides } = plan.attributes;
  const none = builder.op('ZerosLike', { x: dy });
  let taken: Slot | undefined;
  let total: Slot | undefined;
  for (const place of placesOf(filterSize)) {
    const end = pooled.map((length, i) => (place[i - 1] === undefined ? length : place[i - 1]! + (length - 1) * strides[i - 1]! + 1));
    const elements = builder.stridedSlice(input, [0, ...place, 0], end, [1, ...strides, 1]);
    const isLargest = builder.op('Equal', { a: elements, b: output });
    const wins = taken === undefined ? isLargest : builder.op('LogicalAnd', { a: isLargest, b: builder.op('LogicalNot', { x: taken }) });
    taken = taken === undefined ? isLargest : builder.op('LogicalOr', { a: taken, b: isLargest });
    const shape = [...pooled];
    let part = builder.op('Select', { condition: wins, t: dy, e: none });
    strides.forEach((stride, i) => {
      part = builder.spread(part, shape, i + 1, stride);
      shape[i + 1] = end[i + 1]! - place[i]!;
    });
    part = builder.pad(part, [0, ...place, 0], padded.map((length, i) => length - shape[i]! - (place[i - 1] ?? 0)));
    total = total === undefined ? part : builder.op('Add', { a: total, b: part });
  }
  return total!;
}

/** Every place of a window, in row-major order. */
function placesOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>((places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])), [[]]);
}
