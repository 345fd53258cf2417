import type { DType, TypedArray } from '../dtype.js';
import { array, type NDArray } from '../ndarray.js';
import { formatShape, sizeOf, type Shape } from '../shape.js';

/** Memory of the element types that files know. `float16` and `bfloat16` are kept as their bits, in a `Uint16Array`; `bool` as bytes. */
export type FileData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Element types that files know; some have no array type here and are widened when read. */
export type FileDType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'uint32'
  | 'int16'
  | 'uint16'
  | 'int8'
  | 'uint8'
  | 'bool';

/** An array as a file holds it, row-major in host memory. */
export interface FileArray {
  /** Element type in the file. */
  readonly dtype: FileDType;
  /** Lengths of the axes, outermost first. */
  readonly shape: Shape;
  /** The elements, as many as the shape has, in memory that holds the type. */
  readonly data: FileData;
}

interface ElementType {
  readonly bytes: number;
  readonly allocate: (size: number) => FileData;
  /** Whether the memory is of this type. */
  readonly holds: (data: FileData) => boolean;
  /** What the elements become for an engine. */
  readonly engineType: DType;
  /** The elements as the engine's type; left out where they are it already. */
  readonly convert?: (data: FileData, what: string) => TypedArray;
}

type Constructor = new (size: number) => FileData;

function kept(engineType: DType, bytes: number, constructor: Constructor): ElementType {
  return { bytes, engineType, allocate: (size) => new constructor(size), holds: (data) => data instanceof constructor };
}

function converted(engineType: DType, bytes: number, constructor: Constructor, convert: NonNullable<ElementType['convert']>): ElementType {
  return { ...kept(engineType, bytes, constructor), convert };
}

const rounded = (data: FileData) => Float32Array.from(data as Float64Array);

/** Engines count in int32: a number beyond it would come out as another one. */
function narrowed(data: FileData, what: string): Int32Array {
  const narrow = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (value !== (value | 0)) throw new RangeError(`${what}: element ${i} is ${String(data[i])}, which int32 does not hold; save the array as float32`);
    narrow[i] = value;
  }
  return narrow;
}

const words = new Uint32Array(1);
const single = new Float32Array(words.buffer);

function widenedFloat16(data: FileData): Float32Array {
  return Float32Array.from(data as Uint16Array, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    // Exponent 0: the numbers below 2⁻¹⁴, evenly spaced.
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}

function widenedBfloat16(data: FileData): Float32Array {
  return Float32Array.from(data as Uint16Array, (bits) => {
    words[0] = bits << 16;
    return single[0]!;
  });
}

export const elementTypes: { readonly [D in FileDType]: ElementType } = {
  float64: converted('float32', 8, Float64Array, rounded),
  float32: kept('float32', 4, Float32Array),
  float16: converted('float32', 2, Uint16Array, widenedFloat16),
  bfloat16: converted('float32', 2, Uint16Array, widenedBfloat16),
  int64: converted('int32', 8, BigInt64Array, narrowed),
  uint64: converted('int32', 8, BigUint64Array, narrowed),
  int32: kept('int32', 4, Int32Array),
  uint32: converted('int32', 4, Uint32Array, narrowed),
  int16: converted('int32', 2, Int16Array, narrowed),
  uint16: converted('int32', 2, Uint16Array, narrowed),
  int8: converted('int32', 1, Int8Array, narrowed),
  uint8: kept('uint8', 1, Uint8Array),
  bool: kept('bool', 1, Uint8Array),
};

/**
 * The array for an engine, in the same shape: `float64` is rounded to `float32`, smaller floats widen to it, integers become `int32`; `uint8` and `bool`
 * stay.
 *
 * @param what names the array in errors.
 * @throws RangeError where an integer does not fit int32, and where data and shape differ in their number of elements.
 */
export function fromFileArray({ dtype, shape, data }: FileArray, what = 'array'): NDArray {
  const { engineType, convert } = elementTypes[dtype];
  return array(convert ? convert(data, what) : (data as TypedArray), { shape, dtype: engineType });
}

/** An array as a file holds it, of the same shape and type. Reads it, so pending arrays are computed; rejects as `data` does. */
export async function toFileArray(source: NDArray): Promise<FileArray> {
  return { dtype: source.dtype, shape: source.shape, data: await source.data() };
}

/** @throws RangeError where memory and type, or the number of elements and the shape, disagree. */
export function checkFileArray({ dtype, shape, data }: FileArray, what: string): void {
  if (!Object.hasOwn(elementTypes, dtype)) throw new RangeError(`${what}: there is no element type ${dtype}; give ${Object.keys(elementTypes).join(', ')}`);
  if (!elementTypes[dtype].holds(data)) throw new RangeError(`${what}: ${data.constructor.name} does not hold ${dtype}; convert the elements`);
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`${what}: shape ${formatShape(shape)} has ${sizeOf(shape)} elements, the data ${data.length}; give the shape that belongs to the data`);
  }
}

/** The raw bytes of elements; not a copy. Files are little-endian, as are the machines this runs on. */
export function bytesOf(data: FileData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Elements from raw bytes, as a copy. */
export function elementsOf(dtype: FileDType, bytes: Uint8Array): FileData {
  const { allocate, bytes: each } = elementTypes[dtype];
  const data = allocate(bytes.length / each);
  bytesOf(data).set(bytes);
  return data;
}

/** Bytes an array of the shape takes, or undefined where the shape is none or the number is beyond what a file can hold. */
export function byteLengthOf(shape: readonly unknown[], dtype: FileDType): number | undefined {
  let length = elementTypes[dtype].bytes;
  for (const dimension of shape) {
    if (typeof dimension !== 'number' || !Number.isSafeInteger(dimension) || dimension < 0) return undefined;
    length *= dimension;
    if (!Number.isSafeInteger(length)) return undefined;
  }
  return length;
}
