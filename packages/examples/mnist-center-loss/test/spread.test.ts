import { expect, test } from 'vitest';
import { classMeans, spread } from '../src/spread.js';

/** Two classes around (±10, 0), each with four points `radius` away from there. */
function crosses(radius: number, scale = 1) {
  const places = [-10, 10].flatMap((x) => [[x + radius, 0], [x - radius, 0], [x, radius], [x, -radius]]);
  return { points: Float32Array.from(places.flat(), (value) => value * scale), labels: Uint8Array.from(places, (_, i) => (i < 4 ? 0 : 1)) };
}

test('classes as wide as a tenth of their distance from the middle have a spread of 0.1²', () => {
  expect(spread(crosses(1))).toBeCloseTo(0.01, 8);
});

test('classes of half the width have a quarter of the spread', () => {
  expect(spread(crosses(2)) / spread(crosses(1))).toBeCloseTo(4, 6);
});

test('the unit does not matter', () => {
  expect(spread(crosses(3, 1000))).toBeCloseTo(spread(crosses(3)), 6);
});

test('a class without points does not count', () => {
  expect(spread(crosses(1), 10)).toBe(spread(crosses(1), 2));
  expect([...classMeans(crosses(1), 3)]).toEqual([-10, 0, 10, 0, NaN, NaN]);
});
