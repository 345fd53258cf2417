/** Bytes of a part of a WebAssembly module. */
export type Bytes = readonly number[];

const valueTypes = { i32: 0x7f, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;

/**
 * A whole number from 0 on.
 *
 * @param limit what its last byte is below: 64 where there could be negative ones.
 */
export function unsigned(value: number, limit = 128): Bytes {
  return value < limit ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128), limit)];
}

/** Instructions of WebAssembly; the vector ones work on four float32 at a time. */
export const instructions = {
  get: (local: number): Bytes => [0x20, ...unsigned(local)],
  set: (local: number): Bytes => [0x21, ...unsigned(local)],
  tee: (local: number): Bytes => [0x22, ...unsigned(local)],
  int32: (value: number): Bytes => [0x41, ...unsigned(value, 64)],
  addInt32: [0x6a],
  subInt32: [0x6b],
  isBelow: [0x49],
  float32: (value: number): Bytes => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  /** Repeats the body while it leaves a number other than 0. */
  repeat: (body: Bytes): Bytes => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
  /** These of and to so many bytes behind the pointer. */
  loadInt32: (offset: number): Bytes => [0x28, 2, ...unsigned(offset)],
  load: (offset: number): Bytes => [0xfd, 0x00, 4, ...unsigned(offset)],
  store: (offset: number): Bytes => [0xfd, 0x0b, 4, ...unsigned(offset)],
  /** One number four times. */
  loadSplat: (offset: number): Bytes => [0xfd, 0x09, 2, ...unsigned(offset)],
  splat: [0xfd, 0x13],
} as const;

/** An instruction on vectors. */
export function vector(code: number): Bytes {
  return [0xfd, ...unsigned(code)];
}

/** A module of one function `run` without results, over a memory that is imported as `host.memory`. */
export function moduleOf(parameters: readonly ValueType[], locals: readonly ValueType[], body: Bytes): Uint8Array<ArrayBuffer> {
  const types = list(parameters.map((type) => [valueTypes[type]]));
  const code = [...list(locals.map((type) => [1, valueTypes[type]])), ...body, 0x0b];
  return Uint8Array.from([
    ...magic,
    ...section(1, list([[0x60, ...types, 0]])),
    ...section(2, list([[...name('host'), ...name('memory'), 2, 0, 0]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name('run'), 0, 0]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function section(id: number, content: Bytes): Bytes {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): Bytes {
  return list([...text].map((letter) => [letter.charCodeAt(0)]));
}
