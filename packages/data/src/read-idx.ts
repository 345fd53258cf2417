import { formatShape, type TypedArray } from '@lossworks/ndarray';
import type { HostArray } from './host-array.js';

interface ElementType {
  readonly bytes: number;
  /** The elements: bytes in place, without a copy; larger ones turned from big-endian. */
  read(view: DataView, offset: number, size: number): TypedArray;
}

const elementTypes: { readonly [code: number]: ElementType } = {
  8: { bytes: 1, read: (view, offset, size) => new Uint8Array(view.buffer, view.byteOffset + offset, size) },
  12: { bytes: 4, read: (view, offset, size) => Int32Array.from({ length: size }, (_, i) => view.getInt32(offset + 4 * i)) },
  13: { bytes: 4, read: (view, offset, size) => Float32Array.from({ length: size }, (_, i) => view.getFloat32(offset + 4 * i)) },
};

/**
 * Reads an IDX file, the format of MNIST: magic number (0, 0, element type, number of axes), one big-endian length per axis, elements in row-major
 * order. The header is checked against the number of bytes before anything is allocated; bytes are not copied.
 *
 * @param fileName stands in errors.
 * @throws RangeError for anything that is not exactly such a file.
 */
export function readIdx(bytes: Uint8Array, fileName = 'IDX file'): HostArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new RangeError(`${fileName}: ${bytes.length} bytes, expected at least the 4 of an IDX magic number; the file is cut off`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new RangeError(`${fileName}: the bytes are gzip-compressed; decompress them first (a file is decompressed by itself if its name ends in .gz)`);
  }
  const [first, second, code, rank] = bytes as unknown as [number, number, number, number];
  const type = elementTypes[code];
  if (first !== 0 || second !== 0 || !type || rank === 0) {
    throw new RangeError(
      `${fileName}: magic number 0x${view.getUint32(0).toString(16).padStart(8, '0')} is none of an IDX file of bytes, int32 or float32; expected 0x000008NN, 0x00000cNN or 0x00000dNN with NN axes`,
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw new RangeError(`${fileName}: ${bytes.length} bytes, expected ${header} of a header with ${rank} axes; the file is cut off`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const expected = header + size * type.bytes;
  if (bytes.length !== expected) {
    const remedy = bytes.length < expected ? 'the file is cut off: fetch it again' : 'bytes follow the elements: it is another or a damaged file';
    throw new RangeError(`${fileName}: ${bytes.length} bytes, expected ${expected} for shape ${formatShape(shape)}; ${remedy}`);
  }
  return { data: type.read(view, header, size), shape };
}
