import { describe, expect, it } from 'vitest';
import { array, matmul, read, scalar, type NDArray } from '../src/index.js';
import { outline, programOf, type ProgramStep } from '../src/program/program.js';
import { rewrite } from '../src/program/rewrite.js';

const x = array([1, -2, 3]);
const y = array([4, 5, 6]);
const rate = scalar(0.5);

/** Steps over all elements, as the engine is given them: those of shape () and what spreads a number cost nothing. */
function passes(...arrays: readonly NDArray[]): string[] {
  return compiled(arrays).filter(({ primitive, shape }) => shape.length > 0 && primitive !== 'broadcastTo').map(({ primitive }) => primitive);
}

function compiled(arrays: readonly NDArray[]): readonly ProgramStep[] {
  return rewrite(programOf(outline(arrays.map(({ value }) => value)), [])).steps;
}

describe('factors that are numbers', () => {
  it.each<[what: string, make: () => NDArray, left: readonly string[], value: readonly number[]]>([
    ['one after the other are one', () => x.mul(3).mul(rate).mul(2), ['mul'], [3, -6, 9]],
    ['in front too', () => array([2]).mul(x.mul(3)), ['mul', 'mul'], [6, -12, 18]],
    ['pass a quotient that nobody else needs', () => x.mul(6).div(y).mul(rate), ['mul', 'div'], [0.75, -1.2, 1.5]],
    ['pass a square', () => x.mul(2).square().mul(rate), ['mul', 'mul'], [2, 8, 18]],
    ['stay where there is only one', () => x.mul(y).mul(rate), ['mul', 'mul'], [2, -5, 9]],
    ['pass a sum whose parts have some too', () => x.mul(3).sub(y.mul(2)).mul(rate), ['mul', 'mul', 'sub'], [-2.5, -8, -1.5]],
    ['stay at another sum', () => x.mul(3).add(y).mul(rate), ['mul', 'add', 'mul'], [3.5, -0.5, 7.5]],
  ])('%s', async (_, make, left, value) => {
    expect(passes(make())).toEqual(left);
    expect(Array.from(await make().data())).toEqual(value.map((each) => expect.closeTo(each, 6)));
  });

  it('stay at a quotient or a square that somebody else needs: that would be one pass more', async () => {
    const [quotient, square] = [x.mul(6).div(y), x.mul(2).square()];
    expect(passes(quotient, quotient.mul(rate))).toEqual(['mul', 'div', 'mul']);
    expect(passes(square, square.mul(rate))).toEqual(['mul', 'mul', 'mul']);
    const [a, b] = await read([square, square.mul(rate)]);
    expect([...a!, ...b!]).toEqual([4, 16, 36, 2, 8, 18]);
  });

  it('stay behind a matrix product: an update multiplies there for nothing', async () => {
    const outer = matmul(array([1, 2, 3], { shape: [1, 3] }), array([1, 2, 3, 4], { shape: [1, 4] }), { transposeA: true });
    expect(passes(outer.mul(2).mul(rate))).toEqual(['matmul', 'mul']);
    expect(passes(outer, outer.mul(rate))).toEqual(['matmul', 'mul']);
    expect(Array.from(await outer.mul(rate).data())).toEqual([0.5, 1, 1.5, 2, 1, 2, 3, 4, 1.5, 3, 4.5, 6]);
  });

  it('are multiplied as whole numbers stay whole numbers', async () => {
    expect(Array.from(await array(Int32Array.of(3, 5)).mul(2).mul(3).data())).toEqual([18, 30]);
  });
});

describe('weight decay', () => {
  it.each<[what: string, make: () => NDArray, left: readonly string[], value: readonly number[]]>([
    ['that is taken off a step is a factor', () => x.add(y.sub(x.mul(rate))), ['mul', 'add'], [4.5, 4, 7.5]],
    ['that is added to one too', () => x.mul(rate).add(y).add(x), ['mul', 'add'], [5.5, 2, 10.5]],
    ['of another array stays', () => x.add(y.sub(y.mul(rate).mul(x))), ['mul', 'mul', 'sub', 'add'], [3, 8, 0]],
  ])('%s', async (_, make, left, value) => {
    expect(passes(make())).toEqual(left);
    expect(Array.from(await make().data())).toEqual(value);
  });
});

describe('a matrix product', () => {
  it.each<[what: string, make: (a: NDArray, b: NDArray, c: NDArray) => NDArray, value: readonly number[]]>([
    ['takes in a matrix that is added', (a, b, c) => matmul(a, b).add(c.mul(rate)), [19.5, 23, 44.5, 52]],
    ['takes in another product', (a, b, c) => matmul(a, b).add(matmul(c, c)), [26, 32, 58, 72]],
    ['is itself added to', (a, b, c) => c.add(matmul(a, b)), [20, 24, 46, 54]],
  ])('%s', async (_, make, value) => {
    const square = (...numbers: readonly number[]): NDArray => array(numbers, { shape: [2, 2] });
    expect(Array.from(await make(square(1, 2, 3, 4), square(5, 6, 7, 8), square(1, 2, 3, 4)).data())).toEqual(value);
  });
});

describe('results', () => {
  it('are outputs of the node that computes them, also where others need them, and copies where one is given twice', async () => {
    const sum = x.add(y);
    const double = sum.mul(2);
    const [first, again, second, input] = await read([sum, sum.reshape([3]), double, x.reshape([3])]);
    expect([first, again, second, input].map((each) => Array.from(each!))).toEqual([[5, 3, 9], [5, 3, 9], [10, 6, 18], [1, -2, 3]]);
  });
});
