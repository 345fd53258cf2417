import { byteLengthOf, bytesOf, checkFileArray, elementsOf, type FileArray, type FileDType } from './file-array.js';
import { ByteReader } from './byte-reader.js';

/** What a `.params` file holds: arrays by name, or a list of arrays without names. An empty one is a list. */
export type ParamsContents = ReadonlyMap<string, FileArray> | readonly FileArray[];

const fileMagic = 0x112;
/** First words of an array in MXNet 1.x, in 1.x with NumPy shapes, and in 0.12; before that there was none. */
const magics = { v1: 0xf993fac8, v2: 0xf993fac9, v3: 0xf993faca } as const;
const dense = 0;
const cpu = 1;
/** MXNet arrays have fewer axes; a larger number is a file of another kind. */
const axisLimit = 32;

/** MXNet's numbers of the element types. */
const typeFlags: readonly FileDType[] = ['float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64'];

const storageTypes: readonly string[] = ['dense', 'row-sparse', 'compressed sparse row'];

/**
 * The bytes of an MXNet `.params` file, as `mx.nd.save` of MXNet 1.9 writes them for CPU arrays: a map becomes named arrays in its order.
 *
 * @throws RangeError for an element type that MXNet has not, for shape `[]`, which it cannot write, and where shape and data disagree.
 */
export function encodeParams(contents: ParamsContents): Uint8Array<ArrayBuffer> {
  const named = contents instanceof Map ? [...contents] : null;
  const arrays = named ? named.map(([, item]) => item) : (contents as readonly FileArray[]);
  const chunks: Uint8Array[] = [uint64(fileMagic), uint64(0), uint64(arrays.length)];
  arrays.forEach((item, i) => chunks.push(...encodeArray(item, `params: ${named ? named[i]![0] : `array ${i}`}`)));
  chunks.push(uint64(named?.length ?? 0));
  for (const [name] of named ?? []) {
    const text = new TextEncoder().encode(name);
    chunks.push(uint64(text.length), text);
  }
  return concatenate(chunks);
}

/**
 * Reads an MXNet `.params` file of any version. The bytes may come from anywhere: sizes are checked before anything is allocated.
 *
 * @param source names the file in errors.
 * @throws RangeError that says what is wrong and at which byte.
 */
export function decodeParams(bytes: Uint8Array, source = 'params'): ParamsContents {
  const reader = new ByteReader(bytes, source, 'no MXNet .params file');
  const magic = reader.uint64('its first word');
  if (magic !== fileMagic) reader.fail(`its first word is ${magic}, not ${fileMagic}`, 0);
  reader.uint64('a reserved word');
  // An array takes 4 bytes at least, a name 8.
  const count = reader.count('arrays', 4);
  const arrays = Array.from({ length: count }, (_, i) => decodeArray(reader, `array ${i}`));
  const names = Array.from({ length: reader.count('names', 8) }, (_, i) => reader.text(`name ${i}`));
  reader.expectEnd();
  if (names.length === 0) return arrays;
  if (names.length !== arrays.length) reader.fail(`it has ${arrays.length} arrays and ${names.length} names`);
  const contents = new Map(names.map((name, i) => [name, arrays[i]!]));
  if (contents.size !== names.length) reader.fail(`two of its arrays are named ${JSON.stringify(names.find((name, i) => names.indexOf(name) !== i))}`);
  return contents;
}

function encodeArray(item: FileArray, what: string): Uint8Array[] {
  const { dtype, shape, data } = item;
  // MXNet's empty array has no axes, no type and no data.
  if (shape.length === 0 && data.length === 0) return [int32s(magics.v2, dense, 0)];
  checkFileArray(item, what);
  const typeFlag = typeFlags.indexOf(dtype);
  if (typeFlag < 0) throw new RangeError(`${what}: MXNet files have no element type ${dtype}; convert to one of ${typeFlags.join(', ')}`);
  if (shape.length === 0) throw new RangeError(`${what}: MXNet files hold no array of shape []; reshape it to [1]`);
  const dimensions = BigInt64Array.from(shape, BigInt);
  return [int32s(magics.v2, dense, shape.length), bytesOf(dimensions), int32s(cpu, 0, typeFlag), bytesOf(data)];
}

function decodeArray(reader: ByteReader, what: string): FileArray {
  const first = reader.uint32(what);
  const read = Object.hasOwn(shapeReaders, first) ? shapeReaders[first]! : readOldShape;
  const shape = read(reader, what, first);
  if (!shape) return { dtype: 'float32', shape: [], data: new Float32Array(0) };
  reader.uint32(`${what}: its device`);
  reader.uint32(`${what}: its device`);
  const typeFlag = reader.uint32(`${what}: its element type`);
  const dtype = typeFlags[typeFlag];
  if (dtype === undefined) return reader.fail(`${what} has element type ${typeFlag}, known are 0..${typeFlags.length - 1}`);
  const length = byteLengthOf(shape, dtype);
  if (length === undefined) return reader.fail(`${what} has shape [${shape.join(',')}]`);
  return { dtype, shape, data: elementsOf(dtype, reader.bytes(length, `${what} of shape [${shape.join(',')}]`)) };
}

type ShapeReader = (reader: ByteReader, what: string, first: number) => number[] | undefined;

/** How the shape follows on the first word; undefined is the empty array, on which nothing follows. */
const shapeReaders: { readonly [magic: number]: ShapeReader } = {
  [magics.v1]: (reader, what) => noneIfEmpty(wideShape(reader, what, reader.uint32(`${what}: its number of axes`))),
  [magics.v2]: (reader, what) => {
    checkDense(reader, what);
    return noneIfEmpty(wideShape(reader, what, reader.int32(`${what}: its number of axes`)));
  },
  [magics.v3]: (reader, what) => {
    checkDense(reader, what);
    const axes = reader.int32(`${what}: its number of axes`);
    return axes === -1 ? undefined : wideShape(reader, what, axes);
  },
};

/** The oldest form: the first word is itself the number of axes. */
function readOldShape(reader: ByteReader, what: string, axes: number): number[] | undefined {
  if (axes > axisLimit) return reader.fail(`${what} begins with 0x${axes.toString(16)}, which is no array of MXNet's`, reader.position - 4);
  return noneIfEmpty(Array.from({ length: axes }, () => reader.uint32(`${what}: its shape`)));
}

function wideShape(reader: ByteReader, what: string, axes: number): number[] {
  if (axes < 0 || axes > axisLimit) return reader.fail(`${what} is said to have ${axes} axes`, reader.position - 4);
  return Array.from({ length: axes }, () => reader.uint64(`${what}: its shape`));
}

function noneIfEmpty(shape: number[]): number[] | undefined {
  return shape.length === 0 ? undefined : shape;
}

function checkDense(reader: ByteReader, what: string): void {
  const storage = reader.int32(`${what}: its storage`);
  if (storage !== dense) {
    reader.fail(`${what} is ${storageTypes[storage] ?? `of storage type ${storage}`}, only dense arrays are read: save it after tostype('default')`, reader.position - 4);
  }
}

function uint64(value: number): Uint8Array {
  return bytesOf(BigUint64Array.of(BigInt(value)));
}

function int32s(...values: number[]): Uint8Array {
  return bytesOf(Int32Array.from(values, (value) => value | 0));
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}
