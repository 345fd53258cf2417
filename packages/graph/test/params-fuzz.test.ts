import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeParams, encodeParams, type FileArray } from '@lossworks/ndarray';

const seed = 20_260_102;

const arrays: FileArray[] = [
  { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1.5, -2, 3, 4) },
  { dtype: 'int64', shape: [1], data: BigInt64Array.of(-1n) },
  { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) },
  { dtype: 'float32', shape: [], data: new Float32Array(0) },
];
const named = encodeParams(new Map(arrays.map((item, i) => [`arg:größe${i}`, item] as const)));
const listed = encodeParams(arrays);

/** Either contents no larger than the file could hold, or one error that names the place. */
function readsOrRefuses(bytes: Uint8Array): void {
  let contents: ReturnType<typeof decodeParams>;
  try {
    contents = decodeParams(bytes);
  } catch (error) {
    if (!(error instanceof RangeError) || !/\(byte \d+ of \d+\)/.test(error.message)) throw error;
    return;
  }
  const items = contents instanceof Map ? [...contents.values()] : (contents as readonly FileArray[]);
  const held = items.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (held > bytes.length) throw new Error(`${held} bytes of arrays out of ${bytes.length}`);
}

const word = fc.constantFrom(0, 1, 2, 3, 7, 8, 0x112, 0x7fffffff, 0x80000000, 0xffffffff, 0xf993fac8, 0xf993fac9, 0xf993faca);

/** The file with some of its 32-bit words, at any byte, replaced by telling ones. */
const changed = fc.tuple(fc.boolean(), fc.array(fc.tuple(fc.nat(), word), { minLength: 1, maxLength: 4 })).map(([isNamed, changes]) => {
  const bytes = (isNamed ? named : listed).slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [at, value] of changes) view.setUint32(at % (bytes.length - 3), value, true);
  return bytes;
});

const spliced = fc.tuple(fc.nat(named.length), fc.nat(40), fc.uint8Array({ maxLength: 16 })).map(([at, length, inserted]) =>
  Uint8Array.from([...named.subarray(0, at), ...inserted, ...named.subarray(Math.min(named.length, at + length))]),
);

const withHeader = fc.uint8Array({ maxLength: 120 }).map((bytes) => Uint8Array.from([0x12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...bytes]));

describe('a damaged .params file is read or refused with the place of the damage', () => {
  it.each<[string, fc.Arbitrary<Uint8Array>, number]>([
    ['words overwritten', changed, 11_000],
    ['bytes cut out or put in', spliced, 6000],
    ['anything behind the right beginning', withHeader, 2500],
    ['any bytes at all', fc.uint8Array({ maxLength: 200 }), 500],
  ])('%s', (_, inputs, numRuns) => {
    fc.assert(fc.property(inputs, (bytes) => readsOrRefuses(bytes)), { seed, numRuns });
  }, 60_000);
  it.each([['with names', named], ['without', listed]] as const)('truncated at every byte, %s', (_, file) => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeParams(file.subarray(0, length)), `${length} bytes`).toThrow(/\(byte \d+ of \d+\)/);
    }
  });
});
