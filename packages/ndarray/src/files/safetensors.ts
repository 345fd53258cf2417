import { byteLengthOf, bytesOf, checkFileArray, elementsOf, elementTypes, type FileArray, type FileDType } from './file-array.js';
import { duplicateKey } from './duplicate-key.js';

/** What a safetensors file holds: arrays by name, and texts by name. */
export interface SafetensorsContents {
  /** Arrays by name. */
  readonly arrays: ReadonlyMap<string, FileArray>;
  /** Texts by name, of the header's `__metadata__`; empty where it has none. */
  readonly metadata: ReadonlyMap<string, string>;
}

const typeNames: { readonly [D in FileDType]: string } = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  uint64: 'U64',
  int32: 'I32',
  uint32: 'U32',
  int16: 'I16',
  uint16: 'U16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

const typesByName = new Map(Object.entries(typeNames).map(([dtype, name]) => [name, dtype as FileDType]));
const lengthBytes = 8;
const alignment = 8;
/** The format's own limit. */
const headerLimit = 100_000_000;
const metadataKey = '__metadata__';

/**
 * The bytes of a safetensors file: 8 bytes of header length, a JSON header, then the elements without gaps. Wider elements come first, so that every array
 * stands at a multiple of its element size. Either part may be left out.
 *
 * @throws RangeError where an array's shape and data disagree, a name is `__metadata__`, or the header takes more than the format's 100 000 000 bytes.
 */
export function encodeSafetensors({ arrays, metadata = new Map() }: Partial<SafetensorsContents>): Uint8Array<ArrayBuffer> {
  const named = [...(arrays ?? [])];
  for (const [name, item] of named) {
    if (name === metadataKey) throw new RangeError(`safetensors: an array cannot be named ${metadataKey}, where the texts are; rename it`);
    checkFileArray(item, `safetensors: ${name}`);
  }
  const offsets = new Map<string, number>();
  let dataLength = 0;
  for (const [name, { dtype, data }] of named.toSorted(([, a], [, b]) => elementTypes[b.dtype].bytes - elementTypes[a.dtype].bytes)) {
    offsets.set(name, dataLength);
    dataLength += data.length * elementTypes[dtype].bytes;
  }
  // Not an object literal: an array may be named __proto__.
  const entries = named.map(([name, { dtype, shape, data }]) => {
    const begin = offsets.get(name)!;
    return [name, { dtype: typeNames[dtype], shape, data_offsets: [begin, begin + data.byteLength] }] as const;
  });
  const texts = metadata.size > 0 ? [[metadataKey, Object.fromEntries(metadata)] as const] : [];
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries<unknown>([...texts, ...entries])));
  const headerLength = Math.ceil(header.length / alignment) * alignment;
  if (headerLength > headerLimit) throw new RangeError(`safetensors: the header takes ${headerLength} bytes, the format allows ${headerLimit}; keep less metadata`);

  const bytes = new Uint8Array(lengthBytes + headerLength + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, lengthBytes + headerLength);
  for (const [name, { data }] of named) bytes.set(bytesOf(data), lengthBytes + headerLength + offsets.get(name)!);
  return bytes;
}

/**
 * Reads a safetensors file. The bytes may come from anywhere: header, types, shapes and offsets are checked before anything is allocated.
 *
 * @param source names the file in errors.
 * @throws RangeError that says what is wrong and where.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'safetensors'): SafetensorsContents {
  const fail = (problem: string): never => {
    throw new RangeError(`${source}: ${problem}; it is damaged or no safetensors file: take another copy`);
  };
  const headerLength = readHeaderLength(bytes, fail);
  const header = readHeader(bytes.subarray(lengthBytes, lengthBytes + headerLength), fail);
  const data = bytes.subarray(lengthBytes + headerLength);
  const { [metadataKey]: texts, ...tensors } = header;
  const spans = Object.entries(tensors).map(([name, entry]) => readSpan(name, entry, data.length, fail));
  checkLayout(spans, data.length, fail);
  const metadata = readMetadata(texts, fail);
  return {
    arrays: new Map(spans.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, data: elementsOf(dtype, data.subarray(begin, end)) }])),
    metadata,
  };
}

type Fail = (problem: string) => never;

interface Span {
  readonly name: string;
  readonly dtype: FileDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeaderLength(bytes: Uint8Array, fail: Fail): number {
  if (bytes.length < lengthBytes) return fail(`it has ${bytes.length} bytes, the header's length alone takes ${lengthBytes}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > BigInt(headerLimit)) return fail(`its header is said to take ${length} bytes, the format allows ${headerLimit}`);
  const left = bytes.length - lengthBytes;
  if (length > BigInt(left)) return fail(`its header is said to take ${length} bytes, ${left} are left`);
  return Number(length);
}

function readHeader(bytes: Uint8Array, fail: Fail): Readonly<Record<string, unknown>> {
  let text = '';
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    return fail(`its header is no JSON (${(error as Error).message})`);
  }
  if (!isObject(header)) return fail('its header is no JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) return fail(`its header names ${JSON.stringify(twice)} twice`);
  return header;
}

function readSpan(name: string, entry: unknown, dataLength: number, fail: Fail): Span {
  const what = `array ${JSON.stringify(name)}`;
  if (!isObject(entry)) return fail(`${what} is described by ${JSON.stringify(entry)}`);
  const { dtype: typeName, shape, data_offsets: offsets } = entry;
  const dtype = typeof typeName === 'string' ? typesByName.get(typeName) : undefined;
  if (dtype === undefined) return fail(`${what} has element type ${JSON.stringify(typeName)}, known are ${[...typesByName.keys()].join(', ')}`);
  const length = Array.isArray(shape) ? byteLengthOf(shape, dtype) : undefined;
  if (length === undefined) return fail(`${what} has shape ${JSON.stringify(shape)}`);
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
  if (!isCount(begin) || !isCount(end) || begin > end || end > dataLength) {
    return fail(`${what} is said to lie at ${JSON.stringify(offsets)} of ${dataLength} bytes of data`);
  }
  if (end - begin !== length) return fail(`${what} of shape ${JSON.stringify(shape)} and type ${typeName} takes ${length} bytes, its place has ${end - begin}`);
  return { name, dtype, shape: shape as number[], begin, end };
}

/** The format allows neither overlaps nor gaps: nothing may hide in a file. */
function checkLayout(spans: readonly Span[], dataLength: number, fail: Fail): void {
  let reached = 0;
  for (const { name, begin, end } of spans.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) fail(`array ${JSON.stringify(name)} begins at byte ${begin} of the data, where ${begin < reached ? 'another one lies' : `${reached} was to follow`}`);
    reached = end;
  }
  if (reached !== dataLength) fail(`its arrays take ${reached} bytes, ${dataLength} are there`);
}

function readMetadata(texts: unknown, fail: Fail): ReadonlyMap<string, string> {
  if (texts === undefined) return new Map();
  if (!isObject(texts)) return fail(`its ${metadataKey} is ${JSON.stringify(texts)}`);
  for (const [key, text] of Object.entries(texts)) if (typeof text !== 'string') fail(`its metadata ${JSON.stringify(key)} is no text`);
  return new Map(Object.entries(texts) as [string, string][]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
