import type { DType } from '../dtype.js';
import { formatShape, sameShape, sizeOf, type Shape } from '../shape.js';
import type { ConvolutionAttributes, Primitive, PrimitiveAttributes, WindowAttributes } from './primitive.js';

/** What a recorded value looks like from outside: shape and element type. */
export interface Signature {
  /** Lengths of the axes, outermost first; `[]` for a single number. */
  readonly shape: Shape;
  /** Element type. */
  readonly dtype: DType;
}

type ShapeRule<P extends Primitive> = (attributes: PrimitiveAttributes[P], operands: readonly Signature[], name: string) => Signature;

function fail(name: string, problem: string): never {
  throw new RangeError(`${name}: ${problem}`);
}

function operand(operands: readonly Signature[], index: number, name: string): Signature {
  return operands[index] ?? fail(name, `operand ${index} is missing`);
}

function requireDtype(signature: Signature, allowed: readonly DType[], name: string): void {
  if (!allowed.includes(signature.dtype)) {
    fail(name, `takes ${allowed.join(' or ')}, not ${signature.dtype}; convert with cast(x, '${allowed[0]}')`);
  }
}

const floating: readonly DType[] = ['float32'];
const numeric: readonly DType[] = ['float32', 'int32'];

function unary(allowed: readonly DType[]) {
  return (_: unknown, operands: readonly Signature[], name: string): Signature => {
    const x = operand(operands, 0, name);
    requireDtype(x, allowed, name);
    return x;
  };
}

function agree(a: Signature, b: Signature, name: string): void {
  if (!sameShape(a.shape, b.shape)) {
    fail(name, `shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} differ; reshape or broadcast one of them`);
  }
  if (a.dtype !== b.dtype) fail(name, `element types ${a.dtype} and ${b.dtype} differ; convert one with cast(x, '${a.dtype}')`);
}

function binary(allowed: readonly DType[], result?: DType) {
  return (_: unknown, operands: readonly Signature[], name: string): Signature => {
    const a = operand(operands, 0, name);
    const b = operand(operands, 1, name);
    agree(a, b, name);
    requireDtype(a, allowed, name);
    return result ? { shape: a.shape, dtype: result } : a;
  };
}

function requireAxes(axes: readonly number[], { shape }: Signature, name: string): void {
  for (const axis of axes) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) fail(name, `axis ${axis} does not exist in ${formatShape(shape)}; give one from 0 to ${shape.length - 1}`);
  }
}

function reduction(allowed: readonly DType[]) {
  return ({ axes }: { readonly axes: readonly number[] }, operands: readonly Signature[], name: string): Signature => {
    const x = operand(operands, 0, name);
    requireDtype(x, allowed, name);
    requireAxes(axes, x, name);
    return { shape: x.shape.filter((_, axis) => !axes.includes(axis)), dtype: x.dtype };
  };
}

function windowOutput(input: number, kernel: number, stride: number, pads: number, dilation: number, name: string): number {
  const extent = dilation * (kernel - 1) + 1;
  if (input + pads < extent) {
    fail(name, `a window of ${extent} does not fit into ${input} elements with ${pads} of padding; use a smaller kernel or more padding`);
  }
  return Math.floor((input + pads - extent) / stride) + 1;
}

function convolution(attributes: ConvolutionAttributes, operands: readonly Signature[], name: string): Signature {
  const x = operand(operands, 0, name);
  const weight = operand(operands, 1, name);
  requireDtype(x, floating, name);
  requireDtype(weight, floating, name);
  const spatial = attributes.strides.length;
  if (x.shape.length !== spatial + 2 || weight.shape.length !== spatial + 2) {
    fail(name, `data ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} need ${spatial + 2} axes each: batch, channels and ${spatial} spatial ones`);
  }
  const [batch, channels] = x.shape as [number, number];
  const [filters, perGroup] = weight.shape as [number, number];
  if (!Number.isInteger(perGroup) || perGroup * attributes.groups !== channels || filters % attributes.groups !== 0) {
    fail(name, `weight ${formatShape(weight.shape)} does not fit data ${formatShape(x.shape)} in ${attributes.groups} group(s): it needs [filters, ${channels / attributes.groups}, …]`);
  }
  const output = attributes.strides.map((stride, i) =>
    windowOutput(x.shape[i + 2]!, weight.shape[i + 2]!, stride, attributes.padsBefore[i]! + attributes.padsAfter[i]!, attributes.dilations[i]!, name),
  );
  return { shape: [batch, filters, ...output], dtype: 'float32' };
}

function pooling(attributes: WindowAttributes, operands: readonly Signature[], name: string): Signature {
  const x = operand(operands, 0, name);
  requireDtype(x, floating, name);
  if (x.shape.length !== attributes.kernel.length + 2) {
    fail(name, `data ${formatShape(x.shape)} needs ${attributes.kernel.length + 2} axes: batch, channels and ${attributes.kernel.length} spatial ones`);
  }
  const output = attributes.kernel.map((kernel, i) =>
    windowOutput(x.shape[i + 2]!, kernel, attributes.strides[i]!, attributes.padsBefore[i]! + attributes.padsAfter[i]!, 1, name),
  );
  return { shape: [x.shape[0]!, x.shape[1]!, ...output], dtype: 'float32' };
}

/** A gradient has the shape of what it is the gradient for. */
function requireGradient(gradient: Signature, result: Signature, source: string, name: string): void {
  requireDtype(gradient, floating, name);
  if (!sameShape(gradient.shape, result.shape)) fail(name, `${source} has shape ${formatShape(result.shape)}, the gradient for it ${formatShape(gradient.shape)}`);
}

/** Shape and element type of every primitive's result; each throws a RangeError naming both sides where operands do not fit. */
export const shapeRules: { readonly [P in Primitive]: ShapeRule<P> } = {
  constant: ({ dtype }) => ({ shape: [], dtype }),
  iota: ({ length }) => ({ shape: [length], dtype: 'int32' }),
  neg: unary(numeric),
  abs: unary(numeric),
  sign: unary(numeric),
  exp: unary(floating),
  log: unary(floating),
  sqrt: unary(floating),
  sin: unary(floating),
  cos: unary(floating),
  tanh: unary(floating),
  erf: unary(floating),
  sigmoid: unary(floating),
  relu: unary(floating),
  floor: unary(floating),
  not: unary(['bool']),
  cast: ({ dtype }, operands, name) => ({ shape: operand(operands, 0, name).shape, dtype }),
  alias: (_, operands, name) => operand(operands, 0, name),
  kept: (_, operands, name) => operand(operands, 0, name),
  withDerivative: (_, operands, name) => {
    const y = operand(operands, 0, name);
    requireDtype(y, floating, name);
    agree(y, operand(operands, 1, name), name);
    agree(y, operand(operands, 2, name), name);
    return y;
  },
  add: binary(numeric),
  sub: binary(numeric),
  mul: binary(numeric),
  div: binary(numeric),
  pow: binary(floating),
  max: binary(numeric),
  min: binary(numeric),
  equal: binary(['float32', 'int32', 'bool'], 'bool'),
  less: binary(numeric, 'bool'),
  and: binary(['bool']),
  where: (_, operands, name) => {
    const condition = operand(operands, 0, name);
    const chosen = operand(operands, 1, name);
    requireDtype(condition, ['bool'], `${name} condition`);
    agree(chosen, operand(operands, 2, name), name);
    if (!sameShape(condition.shape, chosen.shape)) {
      fail(name, `condition ${formatShape(condition.shape)} and values ${formatShape(chosen.shape)} differ in shape`);
    }
    return chosen;
  },
  reshape: ({ shape }, operands, name) => {
    const x = operand(operands, 0, name);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      fail(name, `${formatShape(x.shape)} has ${sizeOf(x.shape)} elements, ${formatShape(shape)} would have ${sizeOf(shape)}`);
    }
    return { shape, dtype: x.dtype };
  },
  transpose: ({ permutation }, operands, name) => {
    const x = operand(operands, 0, name);
    if (permutation.length !== x.shape.length || [...permutation].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
      fail(name, `[${permutation.join(',')}] does not name each axis of ${formatShape(x.shape)} once`);
    }
    return { shape: permutation.map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  broadcastTo: ({ shape }, operands, name) => {
    const x = operand(operands, 0, name);
    const offset = shape.length - x.shape.length;
    if (offset < 0 || x.shape.some((dimension, axis) => dimension !== 1 && dimension !== shape[axis + offset])) {
      fail(name, `${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}: each axis, from the last, must be equal or 1`);
    }
    return { shape, dtype: x.dtype };
  },
  slice: ({ begin, end, steps }, operands, name) => {
    const x = operand(operands, 0, name);
    const shape = x.shape.map((dimension, axis) => {
      const from = begin[axis]!;
      const to = end[axis]!;
      if (from < 0 || to > dimension || to < from) {
        fail(name, `axis ${axis} of ${formatShape(x.shape)} has no range ${from}..${to}; ranges lie within 0..${dimension}`);
      }
      return Math.ceil((to - from) / steps[axis]!);
    });
    return { shape, dtype: x.dtype };
  },
  pad: ({ before, after }, operands, name) => {
    const x = operand(operands, 0, name);
    if (before.length !== x.shape.length || after.length !== x.shape.length) {
      fail(name, `[${before.join(',')}] before and [${after.join(',')}] after need one count for each axis of ${formatShape(x.shape)}`);
    }
    return { shape: x.shape.map((dimension, axis) => dimension + before[axis]! + after[axis]!), dtype: x.dtype };
  },
  concat: ({ axis }, operands, name) => {
    const first = operand(operands, 0, name);
    let total = 0;
    for (const other of operands) {
      const fits = other.shape.length === first.shape.length && other.shape.every((dimension, i) => i === axis || dimension === first.shape[i]);
      if (!fits) fail(name, `${formatShape(first.shape)} and ${formatShape(other.shape)} may differ only in axis ${axis}`);
      if (other.dtype !== first.dtype) fail(name, `element types ${first.dtype} and ${other.dtype} differ; convert one with cast`);
      total += other.shape[axis]!;
    }
    return { shape: first.shape.map((dimension, i) => (i === axis ? total : dimension)), dtype: first.dtype };
  },
  reverse: ({ axes }, operands, name) => {
    const x = operand(operands, 0, name);
    requireAxes(axes, x, name);
    return x;
  },
  reduceSum: reduction(numeric),
  reduceMax: reduction(numeric),
  reduceMin: reduction(numeric),
  reduceProd: reduction(floating),
  argMax: ({ axis }, operands, name) => {
    const x = operand(operands, 0, name);
    requireDtype(x, numeric, name);
    requireAxes([axis], x, name);
    return { shape: x.shape.filter((_, i) => i !== axis), dtype: 'int32' };
  },
  topK: ({ axis, count }, operands, name) => {
    const x = operand(operands, 0, name);
    requireDtype(x, numeric, name);
    requireAxes([axis], x, name);
    const length = x.shape[axis]!;
    if (!Number.isInteger(count) || count < 1 || count > length) fail(name, `count ${count} does not fit axis ${axis} of ${formatShape(x.shape)}; give one from 1 to ${length}`);
    return { shape: x.shape.map((dimension, i) => (i === axis ? count : dimension)), dtype: 'int32' };
  },
  matmul: ({ transposeA, transposeB }, operands, name) => {
    const a = operand(operands, 0, name);
    const b = operand(operands, 1, name);
    requireDtype(a, floating, name);
    requireDtype(b, floating, name);
    const rank = a.shape.length;
    if (rank < 2 || b.shape.length !== rank || !sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))) {
      fail(name, `${formatShape(a.shape)} and ${formatShape(b.shape)} need the same leading axes before their last two`);
    }
    const [rows, innerA] = transposeA ? [a.shape[rank - 1]!, a.shape[rank - 2]!] : [a.shape[rank - 2]!, a.shape[rank - 1]!];
    const [innerB, columns] = transposeB ? [b.shape[rank - 1]!, b.shape[rank - 2]!] : [b.shape[rank - 2]!, b.shape[rank - 1]!];
    if (innerA !== innerB) {
      fail(name, `inner lengths ${innerA} of ${formatShape(a.shape)}${transposeA ? 'ᵀ' : ''} and ${innerB} of ${formatShape(b.shape)}${transposeB ? 'ᵀ' : ''} differ`);
    }
    return { shape: [...a.shape.slice(0, -2), rows, columns], dtype: 'float32' };
  },
  conv: convolution,
  convInputGradient: ({ spatial, ...attributes }, operands, name) => {
    const gradient = operand(operands, 0, name);
    const weight = operand(operands, 1, name);
    const x: Signature = { shape: [gradient.shape[0]!, weight.shape[1]! * attributes.groups, ...spatial], dtype: 'float32' };
    requireGradient(gradient, convolution(attributes, [x, weight], name), `the convolution of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`, name);
    return x;
  },
  convWeightGradient: ({ kernel, ...attributes }, operands, name) => {
    const x = operand(operands, 0, name);
    const gradient = operand(operands, 1, name);
    const weight: Signature = { shape: [gradient.shape[1]!, x.shape[1]! / attributes.groups, ...kernel], dtype: 'float32' };
    requireGradient(gradient, convolution(attributes, [x, weight], name), `the convolution of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`, name);
    return weight;
  },
  maxPool: pooling,
  maxPoolGradient: (attributes, operands, name) => {
    const x = operand(operands, 0, name);
    const pooled = pooling(attributes, operands, name);
    for (const index of [1, 2]) requireGradient(operand(operands, index, name), pooled, `the pooling of ${formatShape(x.shape)}`, name);
    return x;
  },
  regionArgMax: ({ bins }, operands, name) => {
    const data = operand(operands, 0, name);
    const regions = operand(operands, 1, name);
    for (const each of [data, regions]) requireDtype(each, floating, name);
    if (data.shape.length !== 4 || regions.shape.length !== 2 || regions.shape[1] !== 5) {
      fail(name, `data ${formatShape(data.shape)} and regions ${formatShape(regions.shape)} need [batch, channels, height, width] and [regions, 5]`);
    }
    const [, channels, height, width] = data.shape as [number, number, number, number];
    // Ranks of the features of a plane are float32 numbers.
    if (height * width > 2 ** 24) fail(name, `a plane of ${formatShape(data.shape)} has more than ${2 ** 24} features; pool it to a smaller one first`);
    return { shape: [regions.shape[0]!, channels, ...bins], dtype: 'int32' };
  },
  gather: ({ axis }, operands, name) => {
    const data = operand(operands, 0, name);
    const indices = operand(operands, 1, name);
    requireDtype(indices, ['int32'], `${name} indices`);
    requireAxes([axis], data, name);
    return { shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)], dtype: data.dtype };
  },
  scatterAdd: ({ axis }, operands, name) => {
    const data = operand(operands, 0, name);
    const indices = operand(operands, 1, name);
    const updates = operand(operands, 2, name);
    requireDtype(data, floating, name);
    requireDtype(indices, ['int32'], `${name} indices`);
    requireAxes([axis], data, name);
    const needed = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
    if (!sameShape(needed, updates.shape)) fail(name, `updates are ${formatShape(updates.shape)}, indices ${formatShape(indices.shape)} need ${formatShape(needed)}`);
    return data;
  },
};
