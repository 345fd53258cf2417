import type { DType } from '../dtype.js';
import type { Shape } from '../shape.js';

/** Spatial description of a convolution; every list has one entry a spatial axis. */
export interface ConvolutionAttributes {
  readonly strides: readonly number[];
  /** Zeros put before each spatial axis. */
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** A pooling window; padding counts as −∞ for the maximum. */
export interface WindowAttributes {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
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
  /** A single number; shape (). */
  constant: { readonly value: number; readonly dtype: DType };
  /** 0, 1, … length − 1 as int32. */
  iota: { readonly length: number };
  // elementwise, one operand
  neg: Plain;
  abs: Plain;
  sign: Plain;
  exp: Plain;
  log: Plain;
  sqrt: Plain;
  sin: Plain;
  cos: Plain;
  tanh: Plain;
  erf: Plain;
  sigmoid: Plain;
  /** max(0, x). */
  relu: Plain;
  floor: Plain;
  not: Plain;
  cast: { readonly dtype: DType };
  /** The same numbers as another value, which no derivative passes: nothing is computed. `tag` keeps equal ones apart. */
  alias: { readonly tag: number };
  /** The numbers of the first operand, with a derivative by declaration: the third operand times the gradient goes to the second. Nothing is computed. */
  withDerivative: Plain;
  // elementwise, several operands of one shape
  add: Plain;
  sub: Plain;
  mul: Plain;
  div: Plain;
  pow: Plain;
  max: Plain;
  min: Plain;
  equal: Plain;
  less: Plain;
  and: Plain;
  where: Plain;
  // shape
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  broadcastTo: { readonly shape: Shape };
  slice: { readonly begin: readonly number[]; readonly end: readonly number[]; readonly steps: readonly number[] };
  pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number };
  concat: Axis;
  reverse: Axes;
  // reductions; the axes disappear
  reduceSum: Axes;
  reduceMax: Axes;
  reduceMin: Axes;
  reduceProd: Axes;
  /** Index of the first maximum along the axis, as int32. */
  argMax: Axis;
  /** Positions of the `count` largest (or smallest) elements along the axis, the most extreme first, equal ones in their own order, as int32. */
  topK: Axis & { readonly count: number; readonly largest: boolean };
  // linear algebra
  /** Matrix product over the last two axes; leading axes equal. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  // neural networks, N,C,spatial…
  conv: ConvolutionAttributes;
  /** Gradient of `conv` for its input; `spatial` is the input's. Operands: output gradient, weight. */
  convInputGradient: ConvolutionAttributes & { readonly spatial: readonly number[] };
  /** Gradient of `conv` for its weight; `kernel` is the weight's. Operands: input, output gradient. */
  convWeightGradient: ConvolutionAttributes & { readonly kernel: readonly number[] };
  maxPool: WindowAttributes;
  /** Gives each window's gradient to its first maximum in row-major order. Operands: input, pooled output, output gradient. */
  maxPoolGradient: WindowAttributes;
  // indexing
  /** Rows of `data` along the axis; indices int32 of any shape. Operands: data, indices. */
  gather: Axis;
  /** Adds slices to `data` along the axis: the transpose of `gather`. Operands: data, indices, updates. */
  scatterAdd: Axis;
}

/** Name of a primitive: everything is recorded as these. */
export type Primitive = keyof PrimitiveAttributes;

/** A table with one row for each primitive. */
export type PrimitiveTable<Rule extends { [P in Primitive]: unknown }> = { readonly [P in Primitive]: Rule[P] };
