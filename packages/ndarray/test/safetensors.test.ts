import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, fromFileArray, type FileArray } from '../src/index.js';

const arrays = new Map<string, FileArray>([
  ['bytes', { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY) }],
  ['counts', { dtype: 'int64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 60n) }],
  ['scalar', { dtype: 'float64', shape: [], data: Float64Array.of(Math.PI) }],
  ['none', { dtype: 'int32', shape: [0, 7], data: new Int32Array(0) }],
  ['__proto__', { dtype: 'bool', shape: [1], data: Uint8Array.of(1) }],
]);

const tensor = (overrides: object = {}) => ({ dtype: 'F32', shape: [2], data_offsets: [0, 8], ...overrides });

function file(header: string | object, data = 8, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe('safetensors', () => {
  it('gives back names, types, shapes, bits, order and metadata', () => {
    const metadata = new Map([['step', '12'], ['text', 'größer "…"']]);
    const read = decodeSafetensors(encodeSafetensors({ arrays, metadata }));
    expect([...read.arrays]).toEqual([...arrays]);
    expect([...read.metadata]).toEqual([...metadata]);
  });

  it('places every array at a multiple of its element size, from a file position that is a multiple of 8', () => {
    const bytes = encodeSafetensors({ arrays });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, { data_offsets: [number, number] }>;
    for (const [name, { data }] of arrays) expect((header[name]!.data_offsets[0] / data.BYTES_PER_ELEMENT) % 1).toBe(0);
  });

  it('reads bytes that begin anywhere in their memory', () => {
    const bytes = encodeSafetensors({ arrays });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...decodeSafetensors(shifted.subarray(3)).arrays]).toEqual([...arrays]);
  });

  it.each<[claim: string, bytes: Uint8Array, problem: RegExp]>([
    ['an empty file', new Uint8Array(0), /it has 0 bytes/],
    ['a cut length', new Uint8Array(7), /it has 7 bytes/],
    ['a header beyond the end', file('{}', 0, 3n), /header is said to take 3 bytes, 2 are left/],
    ['a header of exabytes', file('{}', 0, 2n ** 63n), /header is said to take 9223372036854775808 bytes, the format allows/],
    ['a header that is no JSON', file('{"a":', 0), /its header is no JSON/],
    ['a header that is no UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), /its header is no JSON/],
    ['a list as header', file('[]', 0), /no JSON object/],
    ['a name twice', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), /names "a" twice/],
    ['offsets twice', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4],"data_offsets":[0,8]}}'), /names "data_offsets" twice/],
    ['an unknown type', file({ a: tensor({ dtype: 'F8_E4M3' }) }), /array "a" has element type "F8_E4M3", known are F64, F32/],
    ['a type from the prototype', file({ a: tensor({ dtype: 'toString' }) }), /element type "toString"/],
    ['a negative dimension', file({ a: tensor({ shape: [-2, -1] }) }), /array "a" has shape \[-2,-1\]/],
    ['a fraction as dimension', file({ a: tensor({ shape: [0.5, 4] }) }), /array "a" has shape/],
    ['dimensions whose product overflows', file({ a: tensor({ shape: [2 ** 32, 2 ** 32] }) }), /array "a" has shape/],
    ['offsets beyond the data', file({ a: tensor({ data_offsets: [4, 12] }) }), /lie at \[4,12\] of 8 bytes/],
    ['offsets the wrong way round', file({ a: tensor({ data_offsets: [8, 0] }) }), /lie at \[8,0\]/],
    ['a shape larger than its place', file({ a: tensor({ shape: [1e9] }) }), /takes 4000000000 bytes, its place has 8/],
    ['arrays that overlap', file({ a: tensor(), b: tensor({ data_offsets: [4, 12] }) }, 12), /array "b" begins at byte 4 .* another one lies/],
    ['a gap between arrays', file({ a: tensor(), b: tensor({ data_offsets: [12, 20] }) }, 20), /array "b" begins at byte 12 .* 8 was to follow/],
    ['data that belong to no array', file({ a: tensor() }, 9), /its arrays take 8 bytes, 9 are there/],
    ['metadata that are no texts', file({ a: tensor(), __metadata__: { step: 1 } }), /its metadata "step" is no text/],
  ])('refuses %s', (_, bytes, problem) => {
    expect(() => decodeSafetensors(bytes, 'weights.safetensors')).toThrow(problem);
    expect(() => decodeSafetensors(bytes, 'weights.safetensors')).toThrow(/^weights\.safetensors: .*take another copy$/);
  });

  it('refuses every cut of a good file', () => {
    const bytes = encodeSafetensors({ arrays });
    for (let length = 0; length < bytes.length; length++) expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(RangeError);
  });

  it.each<[claim: string, name: string, item: FileArray, problem: RegExp]>([
    ['a shape its data do not fill', 'a', { dtype: 'float32', shape: [3], data: new Float32Array(2) }, /a: shape \[3\] has 3 elements, the data 2/],
    ['memory of another type', 'a', { dtype: 'float32', shape: [2], data: new Float64Array(2) }, /a: Float64Array does not hold float32/],
    ['the name of the metadata', '__metadata__', { dtype: 'float32', shape: [1], data: new Float32Array(1) }, /rename it/],
  ])('does not write %s', (_, name, item, problem) => {
    expect(() => encodeSafetensors({ arrays: new Map([[name, item]]) })).toThrow(problem);
  });
});

describe('arrays of files become arrays of an engine', () => {
  it.each<[dtype: FileArray['dtype'], data: FileArray['data'], engineType: string, numbers: number[]]>([
    ['float64', Float64Array.of(0.1, -2), 'float32', [Math.fround(0.1), -2]],
    ['float16', Uint16Array.of(0x3c00, 0x5640, 0xc000, 0x0001, 0x7c00, 0x8000), 'float32', [1, 100, -2, 2 ** -24, Number.POSITIVE_INFINITY, -0]],
    ['bfloat16', Uint16Array.of(0x3f80, 0xc040, 0x0001), 'float32', [1, -3, Math.fround(2 ** -133)]],
    ['int64', BigInt64Array.of(-5n, 7n), 'int32', [-5, 7]],
    ['uint32', Uint32Array.of(7), 'int32', [7]],
    ['int8', Int8Array.of(-128), 'int32', [-128]],
    ['uint8', Uint8Array.of(200), 'uint8', [200]],
    ['bool', Uint8Array.of(1, 0), 'bool', [1, 0]],
  ])('%s', async (dtype, data, engineType, numbers) => {
    const made = fromFileArray({ dtype, shape: [data.length], data });
    expect(made.dtype).toBe(engineType);
    expect([...(await made.data())]).toEqual(numbers);
  });

  it('a NaN of float16 stays one', async () => {
    expect(await fromFileArray({ dtype: 'float16', shape: [1], data: Uint16Array.of(0x7e00) }).item()).toBeNaN();
  });

  it('refuses a number that int32 does not hold', () => {
    expect(() => fromFileArray({ dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 2n ** 31n) }, 'index')).toThrow(/index: element 1 is 2147483648/);
    expect(() => fromFileArray({ dtype: 'uint32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) })).toThrow(RangeError);
  });
});
