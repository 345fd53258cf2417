import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mnistFiles, readIdx, readMnist } from '../src/index.js';
import { loadMnist } from '../src/mnist-node.js';

/** An IDX file of bytes. */
function idx(shape: readonly number[], elements: readonly number[], type = 8): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, (type << 8) | shape.length);
  shape.forEach((dimension, axis) => header.setUint32(4 + 4 * axis, dimension));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...elements]);
}

function files(changes: Readonly<Record<string, Uint8Array>> = {}): Record<string, Uint8Array> {
  return {
    [mnistFiles.train.images]: idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 255, 254, 253, 252, 251, 250]),
    [mnistFiles.train.labels]: idx([2], [7, 0]),
    [mnistFiles.test.images]: idx([1, 2, 3], [0, 0, 0, 9, 9, 9]),
    [mnistFiles.test.labels]: idx([1], [9]),
    ...changes,
  };
}

describe('readIdx', () => {
  it.each([
    ['bytes', idx([2, 2], [1, 2, 3, 255]), { shape: [2, 2], data: Uint8Array.of(1, 2, 3, 255) }],
    ['int32', idx([2], [0, 0, 1, 0, 255, 255, 255, 254], 12), { shape: [2], data: Int32Array.of(256, -2) }],
    ['float32', idx([1], [0x3f, 0xc0, 0, 0], 13), { shape: [1], data: Float32Array.of(1.5) }],
  ])('reads %s', (_, bytes, expected) => expect(readIdx(bytes)).toEqual(expected));

  it('reads from within a larger buffer', () => {
    const whole = Uint8Array.from([9, 9, 9, ...idx([2], [4, 5])]);
    expect(readIdx(whole.subarray(3)).data).toEqual(Uint8Array.of(4, 5));
  });

  it.each([
    ['nothing', new Uint8Array(0), /f: 0 bytes, expected at least the 4/],
    ['another format', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0]), /f: magic number 0x89504e47 is none/],
    ['an element type that is not supported', idx([1], [0, 0], 11), /magic number 0x00000b01/],
    ['no axes', Uint8Array.from([0, 0, 8, 0]), /magic number 0x00000800/],
    ['a header that is cut off', idx([2, 2], []).subarray(0, 9), /f: 9 bytes, expected 12 of a header with 2 axes/],
    ['elements that are cut off', idx([2, 2], [1, 2, 3]), /f: 15 bytes, expected 16 for shape \[2,2\]; the file is cut off/],
    ['bytes too many', idx([2], [1, 2, 3]), /f: 11 bytes, expected 10 for shape \[2\]; bytes follow/],
    ['lengths far beyond memory', idx([0xffffffff, 0xffffffff, 0xffffffff], [1]), /f: 17 bytes, expected 7\.9\d*e\+28/],
    ['gzip', gzipSync(idx([1], [1])), /f: the bytes are gzip-compressed/],
  ])('refuses %s', (_, bytes, message) => expect(() => readIdx(bytes, 'f')).toThrow(message));
});

describe('readMnist', () => {
  const load = (changes?: Readonly<Record<string, Uint8Array>>) => readMnist((name) => files(changes)[name]!);

  it('gives images as bytes with one channel, and labels as float32', async () => {
    const { train, test } = await load();
    expect(train.images.shape).toEqual([2, 1, 2, 3]);
    expect([...train.images.data.subarray(6)]).toEqual([255, 254, 253, 252, 251, 250]);
    expect(train.labels).toEqual({ shape: [2], data: Float32Array.of(7, 0) });
    expect(test.labels.data).toEqual(Float32Array.of(9));
  });

  it.each([
    ['a label that is no digit', { [mnistFiles.train.labels]: idx([2], [3, 10]) }, /train-labels-idx1-ubyte: label 10 in row 1 is not a digit/],
    ['labels of another set', { [mnistFiles.test.labels]: idx([3], [1, 2, 3]) }, /t10k-labels-idx1-ubyte: 3 labels, expected 1/],
    ['labels in place of images', { [mnistFiles.test.images]: idx([1], [1]) }, /t10k-images-idx3-ubyte: 1 axes of Uint8Array, expected 3 of bytes/],
    ['a file that is cut off', { [mnistFiles.train.images]: idx([2, 2, 3], [1]) }, /train-images-idx3-ubyte: 17 bytes, expected 28/],
  ])('refuses %s', async (_, changes, message) => {
    await expect(load(changes)).rejects.toThrow(message);
  });
});

describe('loadMnist', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mnist-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const write = (contents: Readonly<Record<string, Uint8Array>>) =>
    Promise.all(Object.entries(contents).map(([name, bytes]) => writeFile(join(directory, name), bytes)));

  it('reads plain and compressed files from a directory', async () => {
    const { [mnistFiles.train.images]: images, ...others } = files();
    await write({ ...others, [`${mnistFiles.train.images}.gz`]: gzipSync(images!) });
    expect(await loadMnist(directory)).toEqual(await readMnist((name) => files()[name]!));
  });

  it('takes a function that gives the bytes', async () => {
    expect((await loadMnist((name) => files()[name]!)).train.labels.shape).toEqual([2]);
  });

  it.each([
    ['a missing file', {}, /has neither train-images-idx3-ubyte nor train-images-idx3-ubyte\.gz/],
    ['a .gz that is none', { [`${mnistFiles.train.images}.gz`]: idx([1], [1]) }, /train-images-idx3-ubyte\.gz: 9 bytes that are no gzip file/],
    [
      'a compressed file that swells',
      { [`${mnistFiles.train.images}.gz`]: gzipSync(new Uint8Array(64 * 1024 * 1024 + 1)) },
      /no gzip file of at most 67108864 bytes uncompressed/,
    ],
    ['a compressed file without .gz', { [mnistFiles.train.images]: gzipSync(idx([1], [1])) }, /train-images-idx3-ubyte: the bytes are gzip-compressed/],
  ])('refuses %s', async (_, contents, message) => {
    await write(contents as Record<string, Uint8Array>);
    await expect(loadMnist(directory)).rejects.toThrow(message);
  });

  it('refuses a directory that is not there', async () => {
    await expect(loadMnist(join(directory, 'nowhere'))).rejects.toThrow(/cannot read the directory .*nowhere/);
  });
});
