import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '@lossworks/ndarray';

const seed = 20_260_104;

const file = encodeSafetensors({
  arrays: new Map([
    ['fc1_weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['größe', { dtype: 'int64', shape: [1], data: BigInt64Array.of(-1n) }],
    ['leer', { dtype: 'uint8', shape: [0, 3], data: new Uint8Array(0) }],
  ]),
  metadata: new Map([['step', '7']]),
});
const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
const header = new TextDecoder().decode(file.subarray(8, 8 + headerLength));

/** Either contents no larger than the file could hold, or one error that names the file. */
function readsOrRefuses(bytes: Uint8Array): void {
  let held = 0;
  try {
    for (const { data } of decodeSafetensors(bytes, 'run/net-0001.safetensors').arrays.values()) held += data.byteLength;
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.startsWith('run/net-0001.safetensors: ')) throw error;
    return;
  }
  if (held > bytes.length) throw new Error(`${held} bytes of arrays out of ${bytes.length}`);
}

function withHeader(text: string, length?: bigint): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  const bytes = Uint8Array.from([...new Uint8Array(8), ...encoded, ...file.subarray(8 + headerLength)]);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(encoded.length), true);
  return bytes;
}

const at = fc.nat(header.length);
const changedHeader = fc.tuple(at, fc.nat(12), fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('-1', '1e99', '9007199254740993', 'null', '[', '"F64"', '4294967296', '[0,1e9]')))
  .map(([from, length, put]) => withHeader(header.slice(0, from) + put + header.slice(from + length)));
const changedBytes = fc.tuple(fc.nat(file.length - 1), fc.nat(20), fc.uint8Array({ maxLength: 10 }))
  .map(([from, length, put]) => Uint8Array.from([...file.subarray(0, from), ...put, ...file.subarray(Math.min(file.length, from + length))]));
const claimed = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(file.length)).map(([length, size]) => withHeader(header, length).slice(0, size));

describe('a damaged safetensors file is read or refused with one error that names it', () => {
  it.each<[string, fc.Arbitrary<Uint8Array>, number]>([
    ['a header overwritten', changedHeader, 4000],
    ['bytes cut out or put in', changedBytes, 3000],
    ['a header of any claimed length', claimed, 1500],
    ['any JSON for a header', fc.jsonValue().map((value) => withHeader(JSON.stringify(value))), 1500],
  ])('%s', (_, inputs, numRuns) => {
    fc.assert(fc.property(inputs, (bytes) => readsOrRefuses(bytes)), { seed, numRuns });
  }, 60_000);
  it('truncated at every byte', () => {
    for (let length = 0; length < file.length; length++) expect(() => decodeSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
  });
});
