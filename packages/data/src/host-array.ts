import { type DType, formatShape, sameShape, type Shape, sizeOf, type TypedArray } from '@lossworks/ndarray';

/** Elements in host memory, row-major, and their shape: what a metric reads without an engine. */
export interface HostArray {
  /** The elements, as many as the shape says. */
  readonly data: TypedArray;
  /** Lengths of the axes, such as `[samples, channels, height, width]`. */
  readonly shape: Shape;
}

/** Nested lists of numbers, one level an axis. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** What is accepted as a source: typed arrays (alone: one axis), nested lists (become float32), or elements with a shape. */
export type ArraySource = TypedArray | Float64Array | NestedNumbers | { readonly data: TypedArray | Float64Array; readonly shape: Shape };

/** Typed arrays of the engine's element types are taken as they are; float64 becomes float32 once, here. */
export function hostArray(source: ArraySource, name: string): HostArray {
  if (ArrayBuffer.isView(source)) return { data: engineType(source, name), shape: [source.length] };
  if (isList(source)) return { data: Float32Array.from((source as readonly unknown[]).flat(Infinity) as number[]), shape: nestedShape(source, name) };
  const { shape } = source;
  const data = engineType(source.data, name);
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`${name}: ${data.length} elements do not fill shape ${formatShape(shape)}, which has ${sizeOf(shape)}`);
  }
  return { data, shape };
}

export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'uint8';
}

/** Zero-filled memory of the same type. */
export function allocateLike(data: TypedArray, size: number): TypedArray {
  return new (data.constructor as new (size: number) => TypedArray)(size);
}

function isList(source: ArraySource): source is NestedNumbers {
  return Array.isArray(source);
}

function engineType(data: TypedArray | Float64Array, name: string): TypedArray {
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  // Node's Buffer is a Uint8Array, too, but makes more Buffers.
  if (data instanceof Uint8Array) return data.constructor === Uint8Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
  throw new TypeError(`${name}: elements of type ${(data as object).constructor.name} are not supported; give Float32Array, Int32Array or Uint8Array`);
}

function nestedShape(list: NestedNumbers, name: string): number[] {
  const shapes = list.map((item) => (typeof item === 'number' ? [] : nestedShape(item, name)));
  const inner = shapes[0] ?? [];
  if (shapes.some((shape) => !sameShape(shape, inner))) {
    throw new RangeError(`${name}: the nested lists differ in length; every row of an axis needs as many elements`);
  }
  return [list.length, ...inner];
}
