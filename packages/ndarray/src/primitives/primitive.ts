import type { DType } from '../dtype.js';
import type { Shape } from '../shape.js';

/** Spatial description of a convolution; every list has one entry a spatial axis. */
export interface ConvolutionAttributes {
  /** Elements from one window to the next, at least 1. */
  readonly strides: readonly number[];
  /** Zeros put before each spatial axis. */
  readonly padsBefore: readonly number[];
  /** Zeros put behind each spatial axis. */
  readonly padsAfter: readonly number[];
  /** Elements from one tap of the kernel to the next, at least 1. */
  readonly dilations: readonly number[];
  /** Groups that channels and filters fall into; both counts are multiples of it. */
  readonly groups: number;
}

/** A pooling window; padding counts as −∞ for the maximum. Every list has one entry a spatial axis. */
export interface WindowAttributes {
  /** Elements of the window. */
  readonly kernel: readonly number[];
  /** Elements from one window to the next, at least 1. */
  readonly strides: readonly number[];
  /** Padding before each spatial axis, in elements. */
  readonly padsBefore: readonly number[];
  /** Padding behind each spatial axis, in elements. */
  readonly padsAfter: readonly number[];
}

/** Bins that regions of images are divided into. */
export interface RegionAttributes {
  /** Bins along height and width. */
  readonly bins: readonly [number, number];
  /** Features a unit of the regions' coordinates. */
  readonly scale: number;
}

/** No attributes at all. */
export type Plain = Readonly<Record<never, never>>;

interface Axes {
  readonly axes: readonly number[];
}
interface Axis {
  readonly axis: number;
}

/**
 * The closed list of operations that everything is recorded in, each with its attributes. Composites (softmax, mean …) are functions over
 * these. Every table over primitives is total: a new name here does not compile until shape rule, derivative, lowerings and tests have a row.
 */
export interface PrimitiveAttributes {
  // sources
  /** A single number; shape `[]`. */
  constant: { readonly value: number; readonly dtype: DType };
  /** 0, 1, … length − 1 as int32, shape `[length]`. */
  iota: { readonly length: number };
  // elementwise, one operand
  /** −x; float32 or int32. This and the following keep the operand's shape. */
  neg: Plain;
  /** |x|; float32 or int32. */
  abs: Plain;
  /** −1, 0 or 1; float32 or int32. */
  sign: Plain;
  /** eˣ; float32. */
  exp: Plain;
  /** Natural logarithm; float32. */
  log: Plain;
  /** √x; float32. */
  sqrt: Plain;
  /** Sine of radians; float32. */
  sin: Plain;
  /** Cosine of radians; float32. */
  cos: Plain;
  /** Hyperbolic tangent; float32. */
  tanh: Plain;
  /** Error function; float32. */
  erf: Plain;
  /** 1 / (1 + e⁻ˣ); float32. */
  sigmoid: Plain;
  /** max(0, x); float32. */
  relu: Plain;
  /** The next whole number towards −∞; float32. */
  floor: Plain;
  /** Logical not; bool. */
  not: Plain;
  /** The elements as another type: towards integers the fraction is dropped, towards bool they are compared with 0. */
  cast: { readonly dtype: DType };
  /** The same numbers as another value, which no derivative passes: nothing is computed. `tag` keeps equal ones apart. */
  alias: { readonly tag: number };
  /** The same numbers as they stand between two steps of a training: no rewriting looks past, so that a step is compiled alike, alone or behind others. */
  kept: Plain;
  /** The numbers of the first operand, with a derivative by declaration: the third operand times the gradient goes to the second. Nothing is computed. */
  withDerivative: Plain;
  // elementwise, several operands of one shape
  /** a + b; both float32 or both int32. This and the following take operands of one shape and type, and keep it. */
  add: Plain;
  /** a − b; float32 or int32. */
  sub: Plain;
  /** a · b; float32 or int32. */
  mul: Plain;
  /** a / b; float32 or int32. */
  div: Plain;
  /** a to the power b; float32. */
  pow: Plain;
  /** The larger of two; float32 or int32. At ties the left one gets the gradient. */
  max: Plain;
  /** The smaller of two; float32 or int32. At ties the left one gets the gradient. */
  min: Plain;
  /** Where a = b, as bool; float32, int32 or bool. */
  equal: Plain;
  /** Where a < b, as bool; float32 or int32. */
  less: Plain;
  /** Logical and; bool. */
  and: Plain;
  /** The second operand where the first (bool) holds, the third elsewhere. */
  where: Plain;
  // shape
  /** The same elements, row-major, in another shape of as many. */
  reshape: { readonly shape: Shape };
  /** Axes in another order: axis i of the result is axis `permutation[i]`. */
  transpose: { readonly permutation: readonly number[] };
  /** Axes of length 1, and missing ones in front, repeated up to a shape. */
  broadcastTo: { readonly shape: Shape };
  /** Along each axis the elements from `begin` up to, not including, `end`, every `steps`-th one; bounds from 0 to the length. */
  slice: { readonly begin: readonly number[]; readonly end: readonly number[]; readonly steps: readonly number[] };
  /** Elements of one value put before and behind each axis. */
  pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number };
  /** Operands, one or more, one behind the other along the axis. */
  concat: Axis;
  /** The elements in the opposite order along the axes. */
  reverse: Axes;
  // reductions; the axes disappear
  /** The sum; float32 or int32. The axes of a reduction disappear. */
  reduceSum: Axes;
  /** The largest element, whose gradient goes to every tied one; float32 or int32. */
  reduceMax: Axes;
  /** The smallest element, whose gradient goes to every tied one; float32 or int32. */
  reduceMin: Axes;
  /** The product; float32. */
  reduceProd: Axes;
  /** Index of the first maximum along the axis, as int32. */
  argMax: Axis;
  /** Positions of the `count` largest (or smallest) elements along the axis, the most extreme first, equal ones in their own order, as int32. */
  topK: Axis & { readonly count: number; readonly largest: boolean };
  // linear algebra
  /** Matrix product over the last two axes; leading axes equal, float32. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  // neural networks, N,C,spatial…
  /** Cross-correlation of `[batch, channels, spatial…]` with `[filters, channels/groups, kernel…]`, float32. Operands: input, weight. */
  conv: ConvolutionAttributes;
  /** Gradient of `conv` for its input, in the input's shape; `spatial` is the input's. Operands: output gradient, weight. */
  convInputGradient: ConvolutionAttributes & { readonly spatial: readonly number[] };
  /** Gradient of `conv` for its weight, in the weight's shape; `kernel` is the weight's. Operands: input, output gradient. */
  convWeightGradient: ConvolutionAttributes & { readonly kernel: readonly number[] };
  /** Largest element of each window of `[batch, channels, spatial…]`, float32. */
  maxPool: WindowAttributes;
  /** Gives each window's gradient to its first maximum in row-major order, in the input's shape. Operands: input, pooled output, output gradient. */
  maxPoolGradient: WindowAttributes;
  /**
   * Row-major position in data `[batch, channels, height, width]` of the first maximum in each bin of each region, as int32 `[regions, channels, …bins]`; data's
   * size where a bin is empty. Operands: data, regions `[regions, 5]` with rows of image, x1, y1, x2, y2, both float32.
   */
  regionArgMax: RegionAttributes;
  // indexing
  /** Slices of data along the axis; indices int32 of any shape, which takes the axis's place. Operands: data, indices. */
  gather: Axis;
  /** Adds slices to data along the axis: the transpose of `gather`; float32, indices int32. Operands: data, indices, updates. */
  scatterAdd: Axis;
}

/** Name of a primitive: everything is recorded as these. */
export type Primitive = keyof PrimitiveAttributes;

/** A table with one row for each primitive. */
export type PrimitiveTable<Rule extends { [P in Primitive]: unknown }> = { readonly [P in Primitive]: Rule[P] };
