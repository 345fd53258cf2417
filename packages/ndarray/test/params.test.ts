import { describe, expect, it } from 'vitest';
import { decodeParams, encodeParams, type FileArray } from '../src/index.js';

const named: ReadonlyMap<string, FileArray> = new Map<string, FileArray>([
  ['arg:fc_weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1.5, -2, 3, 4) }],
  ['aux:größe', { dtype: 'int64', shape: [1], data: BigInt64Array.of(-1n) }],
  ['half', { dtype: 'float16', shape: [3], data: Uint16Array.of(0x3c00, 1, 0x7e01) }],
  ['empty', { dtype: 'float32', shape: [], data: new Float32Array(0) }],
]);

const u32 = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];
const u64 = (...values: (number | bigint)[]) => [...new Uint8Array(BigUint64Array.from(values, BigInt).buffer)];
const f32 = (...values: number[]) => [...new Uint8Array(Float32Array.from(values).buffer)];
const v1 = 0xf993fac8;
const v2 = 0xf993fac9;
const v3 = 0xf993faca;

/** A file of one array without a name. */
const fileOf = (...item: number[]) => Uint8Array.from([...u64(0x112, 0, 1), ...item, ...u64(0)]);

describe('params', () => {
  it('gives back named arrays bit for bit and in order', () => {
    expect([...(decodeParams(encodeParams(named)) as typeof named)]).toEqual([...named]);
  });

  it('gives back a list, an empty one too', () => {
    expect(decodeParams(encodeParams([...named.values()]))).toEqual([...named.values()]);
    expect(decodeParams(encodeParams([]))).toEqual([]);
  });

  const vector: FileArray = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) };
  const matrix: FileArray = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) };
  const none: FileArray = { dtype: 'float32', shape: [], data: new Float32Array(0) };
  it.each<[claim: string, bytes: Uint8Array, item: FileArray]>([
    ['0.12 (no storage type)', fileOf(...u32(v1, 2), ...u64(1, 2), ...u32(1, 0, 0), ...f32(1, 2)), matrix],
    ['0.12, without axes', fileOf(...u32(v1, 0)), none],
    ['before 0.12 (the number of axes first, dimensions of 4 bytes)', fileOf(...u32(1, 2), ...u32(2, 3, 0), ...f32(1, 2)), vector],
    ['before 0.12, without axes', fileOf(...u32(0)), none],
    ['NumPy shapes, a scalar', fileOf(...u32(v3, 0, 0), ...u32(1, 0, 0), ...f32(7)), { dtype: 'float32', shape: [], data: Float32Array.of(7) }],
    ['NumPy shapes, unknown', fileOf(...u32(v3, 0, 0xffffffff)), none],
  ])('reads the form of MXNet %s', (_, bytes, item) => {
    expect(decodeParams(bytes)).toEqual([item]);
  });

  it.each<[claim: string, bytes: Uint8Array, problem: RegExp]>([
    ['an empty file', new Uint8Array(0), /its first word takes 8 bytes, 0 are left/],
    ['a file of another kind', Uint8Array.from([...u64(0x113, 0, 0), ...u64(0)]), /its first word is 275, not 274/],
    ['more arrays than bytes', Uint8Array.from(u64(0x112, 0, 2n ** 52n)), /said to hold 4503599627370496 arrays, only 0 bytes/],
    ['a number of arrays beyond 2^53', Uint8Array.from(u64(0x112, 0, 2n ** 63n)), /its number of arrays is 9223372036854775808/],
    ['more names than bytes', Uint8Array.from(u64(0x112, 0, 0, 9)), /said to hold 9 names/],
    ['a number of axes beyond any', fileOf(...u32(v2, 0, 2 ** 30)), /array 0 is said to have 1073741824 axes/],
    ['a negative number of axes', fileOf(...u32(v2, 0, 0xfffffffe)), /array 0 is said to have -2 axes/],
    ['a first word that is none', fileOf(...u32(0xdeadbeef)), /array 0 begins with 0xdeadbeef/],
    ['a shape whose product overflows', fileOf(...u32(v2, 0, 2), ...u64(2n ** 40n, 2n ** 40n), ...u32(1, 0, 0)), /array 0 has shape \[1099511627776,1099511627776\]/],
    ['a shape larger than the file', fileOf(...u32(v2, 0, 1), ...u64(1e9), ...u32(1, 0, 0)), /takes 4000000000 bytes, 8 are left/],
    ['an unknown element type', fileOf(...u32(v2, 0, 1), ...u64(1), ...u32(1, 0, 12), ...f32(1)), /element type 12, known are 0\.\.6/],
    ['a sparse array', fileOf(...u32(v2, 1, 1), ...u64(1)), /array 0 is row-sparse, only dense arrays are read/],
    ['a name too few', Uint8Array.from([...u64(0x112, 0, 2), ...u32(0, 0), ...u64(1, 1), 97]), /2 arrays and 1 names/],
    ['a name twice', Uint8Array.from([...u64(0x112, 0, 2), ...u32(0, 0), ...u64(2, 1), 97, ...u64(1), 97]), /two of its arrays are named "a"/],
    ['a name that is no UTF-8', Uint8Array.from([...u64(0x112, 0, 1), ...u32(0), ...u64(1, 1), 255]), /name 0 is not UTF-8/],
    ['bytes behind the end', Uint8Array.from([...u64(0x112, 0, 0, 0), 1]), /1 bytes follow its end/],
  ])('refuses %s', (_, bytes, problem) => {
    expect(() => decodeParams(bytes, 'net-0001.params')).toThrow(problem);
    expect(() => decodeParams(bytes, 'net-0001.params')).toThrow(/^net-0001\.params: .* \(byte \d+ of \d+\)/);
  });

  it('refuses every cut of a good file', () => {
    const bytes = encodeParams(named);
    for (let length = 0; length < bytes.length; length++) expect(() => decodeParams(bytes.subarray(0, length))).toThrow(RangeError);
  });

  it.each<[claim: string, item: FileArray, problem: RegExp]>([
    ['an element type MXNet has not', { dtype: 'bool', shape: [1], data: Uint8Array.of(1) }, /a: MXNet files have no element type bool; convert to one of float32/],
    ['a scalar', { dtype: 'float32', shape: [], data: Float32Array.of(1) }, /a: MXNet files hold no array of shape \[\]; reshape it to \[1\]/],
    ['a shape its data do not fill', { dtype: 'float32', shape: [3], data: new Float32Array(2) }, /a: shape \[3\] has 3 elements/],
  ])('does not write %s', (_, item, problem) => {
    expect(() => encodeParams(new Map([['a', item]]))).toThrow(problem);
  });
});
