import { describe, expect, it } from 'vitest';
import { array, exp, isPending, matmul, ones, profile, sum } from '../src/index.js';

describe('a profile', () => {
  it('names what the engine ran, the dearest first, and leaves the arrays pending', async () => {
    const product = matmul(ones([200, 300]), ones([300, 200]));
    const total = sum(exp(product.mul(1e-3)));
    const { operators, neededSteps, milliseconds } = await profile([total], { runs: 2 });
    expect(operators.map(({ operator }) => operator)).toEqual(expect.arrayContaining(['Exp', 'ReduceSum']));
    expect(operators.map((each) => each.milliseconds)).toEqual(operators.map((each) => each.milliseconds).toSorted((a, b) => b - a));
    expect(operators.every(({ ranOn }) => ranOn === 'cpu')).toBe(true);
    expect(neededSteps).toBeGreaterThanOrEqual(3);
    expect(milliseconds).toBeGreaterThan(0);
    expect(isPending(total)).toBe(true);
  });

  it('of arrays that are there is empty', async () => {
    expect(await profile([array([1, 2])], { runs: 2 })).toMatchObject({ operators: [], milliseconds: 0, neededSteps: 0 });
  });
});
