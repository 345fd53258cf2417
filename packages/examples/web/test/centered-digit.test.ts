import { describe, expect, it } from 'vitest';
import { centeredDigit, side } from '../src/centered-digit.js';

/** A filled rectangle on a 100 × 100 pad. */
function rectangle(left: number, top: number, width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: 100 * 100 }, (_, i) => {
    const [x, y] = [i % 100, Math.floor(i / 100)];
    return x >= left && x < left + width && y >= top && y < top + height ? 255 : 0;
  });
}

function extent(image: Uint8Array) {
  const inked = [...image.keys()].filter((i) => image[i]! > 0);
  const [columns, rows] = [inked.map((i) => i % side), inked.map((i) => Math.floor(i / side))];
  return { left: Math.min(...columns), right: Math.max(...columns), top: Math.min(...rows), bottom: Math.max(...rows) };
}

describe('a drawing becomes an image like those of MNIST', () => {
  it.each([
    ['a high one', rectangle(70, 5, 10, 90)],
    ['a tiny one', rectangle(2, 2, 1, 9)],
    ['one at the edge', rectangle(95, 50, 5, 50)],
  ])('%s is 20 pixels high and stands in the middle', (_, ink) => {
    const { left, right, top, bottom } = extent(centeredDigit(ink, 100, 100)!);
    expect(bottom - top + 1).toBe(20);
    expect(Math.abs(left - (side - 1 - right))).toBeLessThanOrEqual(1);
    expect(Math.abs(top - (side - 1 - bottom))).toBeLessThanOrEqual(1);
  });

  it('ink keeps its darkness', () => expect(Math.max(...centeredDigit(rectangle(10, 10, 80, 80), 100, 100)!)).toBe(255));

  it('an empty pad is no digit', () => expect(centeredDigit(new Uint8Array(10_000), 100, 100)).toBeUndefined());
});
