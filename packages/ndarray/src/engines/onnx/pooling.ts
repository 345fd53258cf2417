import type { WindowAttributes } from '../../primitives/primitive.js';
import { sizeOf } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';
import { batchLastShape, tiles } from './layout.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';
import type { OnnxAttribute } from './model-writer.js';
import { padSpatial, sliceSpatial, spreadByStrides } from './spread.js';

function attributesOf({ kernel, strides, padsBefore, padsAfter }: WindowAttributes): { [name: string]: OnnxAttribute } {
  return { kernel_shape: kernel, strides, pads: [...padsBefore, ...padsAfter] };
}

export function lowerMaxPool({ builder, attributes, operands: [x], result, layout }: LoweringCall<'maxPool'>): string {
  if (layout === 'plain') return builder.op('MaxPool', [x!.name('plain')], attributesOf(attributes));
  return builder.reshape(foldWindows(builder, x!, attributes.kernel).at(-1)!.largest.at(-1)!, batchLastShape(result.shape));
}

/** The gradient goes to the first maximum of each window, in row-major order. */
export function lowerMaxPoolGradient(call: LoweringCall<'maxPoolGradient'>): string {
  const { attributes, operands: [x], layout } = call;
  if (layout === 'batchLast') return unfoldWindows(call);
  if (call.builder.target === 'webgpu') return compareWindows(call);
  return tiles(attributes, x!.shape.slice(2)) ? unpool(call) : scatter(call);
}

/** Below every number that pooling is about. */
const lowest = -3.4028234663852886e38;

/**
 * Without indices, which the WebGPU provider does not give: each place of the windows in turn is compared with the maximum, and the first that is equal takes
 * the gradient.
 */
function compareWindows({ builder, attributes: { kernel, strides, padsBefore, padsAfter }, operands: [x, pooled, gradient] }: LoweringCall<'maxPoolGradient'>): string {
  const spatial = x!.shape.slice(2);
  const windows = gradient!.shape.slice(2);
  const padded = padSpatial(builder, x!.name('plain'), padsBefore, padsAfter, lowest);
  // Long enough for every place, whatever zeros the strides leave behind the last window.
  const lengths = spatial.map((length, i) => Math.max(padsBefore[i]! + length, kernel[i]! - 1 + windows[i]! * strides[i]!));
  let [left, sum] = [gradient!.name('plain'), undefined as string | undefined];
  for (const place of placesOf(kernel)) {
    const here = sliceSpatial(builder, padded, place, place.map((begin, i) => begin + (windows[i]! - 1) * strides[i]! + 1), strides);
    const isMaximum = builder.op('Cast', [builder.op('Equal', [here, pooled!.name('plain')])], { to: 1 });
    const taken = builder.op('Mul', [left, isMaximum]);
    left = builder.op('Sub', [left, taken]);
    const spread = spreadByStrides(builder, taken, gradient!.shape, strides);
    const put = padSpatial(builder, spread, place, place.map((begin, i) => lengths[i]! - begin - windows[i]! * strides[i]!));
    sum = sum === undefined ? put : builder.op('Add', [sum, put]);
  }
  return sliceSpatial(builder, sum!, padsBefore, padsBefore.map((begin, i) => begin + spatial[i]!));
}

/** Places of a window in row-major order. */
function placesOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((places, length) => places.flatMap((place) => Array.from({ length }, (_, i) => [...place, i])), [[]]);
}

function indicesOf({ builder, attributes, operands: [x] }: LoweringCall<'maxPoolGradient'>): string {
  return builder.sharedOp('MaxPool', [x!.name('plain')], 2, attributesOf(attributes))[1]!;
}

function unpool(call: LoweringCall<'maxPoolGradient'>): string {
  const { builder, attributes: { kernel, strides }, operands: [, , gradient] } = call;
  return builder.op('MaxUnpool', [gradient!.name('plain'), indicesOf(call)], { kernel_shape: kernel, strides });
}

function scatter(call: LoweringCall<'maxPoolGradient'>): string {
  const { builder, operands: [x, , gradient] } = call;
  const zeros = builder.op('Expand', [builder.float(0), builder.int64([sizeOf(x!.shape)])]);
  const flat = (name: string): string => builder.reshape(name, [-1]);
  return builder.reshape(builder.op('ScatterElements', [zeros, flat(indicesOf(call)), flat(gradient!.name('plain'))], { axis: 0, reduction: 'add' }), x!.shape);
}

/** One axis of windows folded to its maxima: the places of the window along it, and the largest of the first, the first two … of them. */
interface Fold {
  readonly places: readonly string[];
  readonly largest: readonly string[];
  /** Elements outside, places along the axis, elements inside: how the axis lies in memory. */
  readonly extent: readonly [number, number, number];
}

/**
 * Maxima of windows that lie side by side, the batch innermost: the last axis first, so that equal elements meet in row-major order. Forward and backward
 * share the nodes.
 */
function foldWindows(builder: GraphBuilder, x: Operand, kernel: readonly number[]): Fold[] {
  const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
  let name = x.name('batchLast');
  let inside = batch;
  return kernel.map((_, i) => kernel.length - 1 - i).map((axis) => {
    const places = kernel[axis]!;
    const outside = (channels * sizeOf(spatial.slice(0, axis)) * spatial[axis]!) / places;
    const extent = [outside, places, inside] as const;
    const parts = places === 1
      ? [builder.shared('Reshape', [name, builder.int64(extent)])]
      : builder.sharedOp('Split', [builder.shared('Reshape', [name, builder.int64(extent)])], places, { axis: 1, num_outputs: places });
    const largest = [parts[0]!];
    for (const part of parts.slice(1)) largest.push(builder.shared('Max', [largest.at(-1)!, part]));
    name = largest.at(-1)!;
    inside *= spatial[axis]! / places;
    return { places: parts, largest, extent };
  });
}

/**
 * The way back through the folds. At each, an element keeps the gradient where it is no smaller than all before it; g − g·mask is exact, and multiplying
 * is faster here than choosing.
 */
function unfoldWindows({ builder, attributes: { kernel }, operands: [x, , gradient], result }: LoweringCall<'maxPoolGradient'>): string {
  let name = gradient!.name('batchLast');
  for (const { places, largest, extent: [outside, , inside] } of foldWindows(builder, x!, kernel).reverse()) {
    let remaining = builder.reshape(name, [outside, 1, inside]);
    const parts: string[] = [];
    for (let place = places.length - 1; place > 0; place--) {
      const earlierWins = builder.op('Cast', [builder.op('GreaterOrEqual', [largest[place - 1]!, places[place]!])], { to: 1 });
      const earlier = builder.op('Mul', [remaining, earlierWins]);
      parts.unshift(builder.op('Sub', [remaining, earlier]));
      remaining = earlier;
    }
    name = places.length === 1 ? remaining : builder.op('Concat', [remaining, ...parts], { axis: 1 });
  }
  return builder.reshape(name, batchLastShape(result.shape));
}
