/** Element types: 32-bit floats, 32-bit signed integers, bytes (0 to 255), and truth values, stored as bytes of 0 and 1. */
export type DType = 'float32' | 'int32' | 'uint8' | 'bool';

/** What holds elements on the host, row-major: `Float32Array` for float32, `Int32Array` for int32, `Uint8Array` for uint8 and bool. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

interface StorageOf {
  float32: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

const allocators: { readonly [D in DType]: (size: number) => StorageOf[D] } = {
  float32: (size) => new Float32Array(size),
  int32: (size) => new Int32Array(size),
  uint8: (size) => new Uint8Array(size),
  bool: (size) => new Uint8Array(size),
};

/** Zero-filled host memory for `size` elements. */
export function allocate(dtype: DType, size: number): TypedArray {
  return allocators[dtype](size);
}

/** The element type a typed array holds by itself. */
export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return 'uint8';
}
