import type { PrimitiveAttributes, RegionAttributes } from '../../primitives/primitive.js';
import { sizeOf } from '../../shape.js';
import type { GraphBuilder } from './graph-builder.js';
import type { Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';

/**
 * The places of the first maxima of regions. `MaxRoiPool` gives maxima but not where they are, so it is given ranks: the place of each feature in the order of its plane,
 * from the largest, the first of equal ones first, counted down to 1. No two are alike, the largest names its feature, and 0 is that of an empty bin.
 */
export function lowerRegionArgMax({ builder, attributes: { bins, scale }, operands: [data, regions], result }: LoweringCall<'regionArgMax'>): string {
  const [batch, channels, height, width] = data!.shape as [number, number, number, number];
  const [planes, plane] = [batch * channels, height * width];

  // NaN is never the largest; it has no place in an order, either.
  const features = builder.reshape(data!.name('plain'), [planes, plane]);
  const ordered = builder.op('Where', [builder.op('IsNaN', [features]), builder.float(Number.NEGATIVE_INFINITY), features]);
  const [, order] = builder.opMany('TopK', [ordered, builder.int64([plane])], 2, { axis: 1, largest: 1, sorted: 1 });

  // Behind the images stands one whose ranks are all 0.
  const noRanks = builder.op('Expand', [builder.float(0), builder.int64([planes + channels, plane])]);
  const countdown = builder.op('Expand', [builder.floats(Float32Array.from({ length: plane }, (_, i) => plane - i), [1, plane]), builder.int64([planes, plane])]);
  const ranks = builder.reshape(builder.op('ScatterElements', [noRanks, order!, countdown], { axis: 1 }), [batch + 1, channels, height, width]);

  const image = imagesOf(builder, regions!, batch);
  const best = poolRegions(builder, ranks, image, regions!, { bins, scale });

  // The order again, as places in the whole data; behind each plane, and for the image of zeros, that of nothing.
  const starts = builder.int32(Int32Array.from({ length: planes }, (_, i) => i * plane), [planes, 1]);
  const places = builder.op('Add', [builder.op('Cast', [order!], { to: int32 }), starts]);
  const nothing = builder.number(sizeOf(data!.shape), 'int32');
  const table = builder.reshape(builder.op('Pad', [places, builder.int64([0, 0, channels, 1]), nothing]), [-1]);
  const ends = builder.int32(Int32Array.from({ length: channels }, (_, i) => i * (plane + 1) + plane), [1, channels, 1, 1]);
  const imageStart = builder.op('Mul', [builder.reshape(image, [-1, 1, 1, 1]), builder.number(channels * (plane + 1), 'int32')]);
  const entries = builder.op('Sub', [builder.op('Add', [imageStart, ends]), builder.op('Cast', [best], { to: int32 })]);
  return builder.reshape(builder.op('GatherElements', [table, builder.reshape(entries, [-1])], { axis: 0 }), result.shape);
}

/**
 * The maxima alone, where nobody needs their places: `gather` of the features, with a 0 behind them, by `regionArgMax` is one `MaxRoiPool`. Undefined for any other
 * `gather`. A bin without any number above −∞ has the lowest number there is, as in MXNet.
 */
export function lowerRegionMax({ builder, operands: [data, indices] }: LoweringCall<'gather'>): string | undefined {
  if (indices!.step?.primitive !== 'regionArgMax' || !indices!.single || data!.step?.primitive !== 'pad') return undefined;
  const { before, after, value } = data!.step.attributes as PrimitiveAttributes['pad'];
  const [flat] = data!.operands();
  const [features, regions] = indices!.operands() as [Operand, Operand];
  const isWhole = flat!.step?.primitive === 'reshape' && flat!.operands()[0]!.name('plain') === features.name('plain');
  if (!isWhole || value !== 0 || before.join() !== '0' || after.join() !== '1') return undefined;
  const images = builder.op('Pad', [features.name('plain'), builder.int64([0, 0, 0, 0, 1, 0, 0, 0])]);
  return poolRegions(builder, images, imagesOf(builder, regions, features.shape[0]!), regions, indices!.step.attributes as RegionAttributes);
}

function columnsOf(builder: GraphBuilder, regions: Operand, begin: number, end: number): string {
  return builder.op('Slice', [regions.name('plain'), builder.int64([begin]), builder.int64([end]), builder.int64([1])]);
}

/** The image of each region, [regions, 1]; for images that are not there, the one behind all others, which holds zeros. */
function imagesOf(builder: GraphBuilder, regions: Operand, batch: number): string {
  const given = builder.op('Cast', [columnsOf(builder, regions, 0, 1)], { to: int32 });
  const behind = builder.number(batch, 'int32');
  return builder.op('Where', [builder.op('Less', [given, builder.number(0, 'int32')]), behind, builder.op('Min', [given, behind])]);
}

/** Coordinates further away than this are taken for it, so that arithmetic of 32-bit whole numbers holds them. */
const farthest = 2 ** 24;

function poolRegions(builder: GraphBuilder, data: string, image: string, regions: Operand, { bins, scale }: RegionAttributes): string {
  const corners = builder.op('Clip', [columnsOf(builder, regions, 1, 5), builder.float(-farthest), builder.float(farthest)]);
  const boxes = builder.op('Concat', [builder.op('Cast', [image], { to: float32 }), corners], { axis: 1 });
  return builder.op('MaxRoiPool', [data, boxes], { pooled_shape: bins, spatial_scale: { float: scale } });
}

const [float32, int32] = [1, 6];
