import { NDArrayIter } from '@lossworks/data';
import { hostData, type NDArray } from '@lossworks/ndarray';
import { expect, test } from 'vitest';
import { ShiftedDigits } from '../src/mnist/shifted-digits.js';

const [rows, side] = [40, 5];
const middle = side * 2 + 2;

/** Images with a single ink pixel in the middle, of a value of its own. */
function dots(batchSize = rows): ShiftedDigits {
  const data = new Uint8Array(rows * side * side);
  for (let row = 0; row < rows; row++) data[row * side * side + middle] = row + 1;
  const images = { data, shape: [rows, 1, side, side] };
  return new ShiftedDigits(new NDArrayIter({ data: images }, Float32Array.from({ length: rows }, (_, i) => i), { batchSize }), { pixels: 1, seed: 5, transform: (bytes) => bytes });
}

const bytesOf = (iterator: ShiftedDigits) => [...hostData(iterator.next()!.data[0] as NDArray)!];

test('an image keeps its pixels, moved by at most one in each direction', () => {
  const bytes = bytesOf(dots());
  const places = Array.from({ length: rows }, (_, row) => {
    const image = bytes.slice(row * side * side, (row + 1) * side * side);
    expect(image.filter((value) => value !== 0)).toEqual([row + 1]);
    return image.indexOf(row + 1);
  });
  expect(new Set(places)).toEqual(new Set([6, 7, 8, 11, 12, 13, 16, 17, 18]));
});

test('what moves over the edge is gone, what comes in is empty', () => {
  const images = { data: new Uint8Array(9 * 9).fill(1), shape: [9, 1, 3, 3] };
  const bytes = bytesOf(new ShiftedDigits(new NDArrayIter({ data: images }, undefined, { batchSize: 9 }), { pixels: 1, seed: 1, transform: (batch) => batch }));
  for (let image = 0; image < 9; image++) {
    expect([9, 6, 4]).toContain(bytes.slice(image * 9, image * 9 + 9).reduce((sum, value) => sum + value, 0));
  }
});

test('a second epoch moves them otherwise', () => {
  const iterator = dots();
  const first = bytesOf(iterator);
  iterator.reset();
  expect(bytesOf(iterator)).not.toEqual(first);
});

test('restored, it goes on with the very same shifts', () => {
  const [iterator, other] = [dots(10), dots(10)];
  iterator.next();
  const state = JSON.parse(JSON.stringify(iterator.state()));
  const expected = [bytesOf(iterator), bytesOf(iterator)];
  other.restore(state);
  expect([bytesOf(other), bytesOf(other)]).toEqual(expected);
});
