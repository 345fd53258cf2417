import { expect, test } from 'vitest';
import { RandomGenerator } from '../src/index.js';

test('an array of even numbers holds those that nextUniform gives, and the generator goes on behind them', async () => {
  const [whole, single] = [new RandomGenerator(7), new RandomGenerator(7)];
  const before = whole.state;
  const numbers = await whole.uniform([300], -1, 3).data();
  expect([...numbers]).toEqual(Array.from({ length: 300 }, () => Math.fround(-1 + 4 * single.nextUniform())));
  expect(whole.state).toEqual(single.state);
  expect(whole.state).not.toBe(before);
  expect(whole.nextNormal()).toBe(single.nextNormal());
});
