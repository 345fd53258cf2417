import { afterEach, describe, expect, it } from 'vitest';
import { add, alias, array, boundary, constant, evaluationCounts, exp, isPending, mul, placeholder, read, retain, scalar, stopGradient, sub, sum, tanh, tape, vjp, waitAll, zeros, type NDArray } from '../src/index.js';

/** Engine runs and compilations that an action costs. */
async function cost(action: () => Promise<unknown>): Promise<{ runs: number; compilations: number }> {
  const before = evaluationCounts();
  await action();
  const after = evaluationCounts();
  return { runs: after.runs - before.runs, compilations: after.compilations - before.compilations };
}

const values = async (x: NDArray): Promise<number[]> => [...(await x.data())];

afterEach(waitAll);

describe('recording', () => {
  it('makes equal expressions one value while they are pending', () => {
    const x = array([1, 2]);
    expect(exp(x.mul(3)).value).toBe(exp(x.mul(3)).value);
    expect(exp(x.mul(3)).value).not.toBe(exp(x.mul(4)).value);
  });
  it('records nothing for adding 0 and multiplying by 1', () => {
    const x = array([1, 2]);
    expect(x.add(0).mul(1).div(1).sub(0).value).toBe(x.value);
  });
  it('keeps the numbers of an array that was assigned to for what was computed from it before', async () => {
    const weight = array([1, 2]);
    const doubled = weight.mul(2);
    weight.assign(array([10, 20]));
    expect(await values(doubled)).toEqual([2, 4]);
    expect(await values(weight.mul(2))).toEqual([20, 40]);
  });
  it('names both shapes and the way out where operands do not fit', () => {
    expect(() => add(array([1, 2]), array([1, 2, 3]))).toThrow(/add: shapes \[2\] and \[3\] do not broadcast; .*reshape/);
    expect(() => zeros([2]).assign(zeros([3]))).toThrow(/shape \[2\], the source \[3\]; reshape/);
    expect(() => array([1]).add(array(Int32Array.of(1)))).toThrow(/float32 and int32 differ; convert one with cast/);
  });
});

describe('evaluation', () => {
  it('runs nothing before somebody reads, and once then', async () => {
    const x = array([1, 2]);
    expect(await cost(async () => { for (let i = 0; i < 5; i++) x.mul(i); })).toEqual({ runs: 0, compilations: 0 });
    expect((await cost(() => x.mul(2).add(1).data())).runs).toBe(1);
  });
  it('computes what is asked for in one turn in one run', async () => {
    const x = array([1, 2]);
    expect((await cost(() => Promise.all([x.mul(5).data(), x.mul(6).data(), x.mul(7).data()]))).runs).toBe(1);
  });
  it('computes every pending write with one read', async () => {
    const weight = zeros([3]);
    const momentum = zeros([3]);
    const step = async (): Promise<void> => {
      momentum.assign(momentum.mul(0.5).add(1));
      weight.assign(weight.add(momentum));
      await weight.sum().item();
    };
    expect((await cost(step)).runs).toBe(1);
    expect(isPending(weight) || isPending(momentum)).toBe(false);
    await step();
    expect(await values(weight)).toEqual([2.5, 2.5, 2.5]);
    expect(await values(momentum)).toEqual([1.5, 1.5, 1.5]);
  });
  it('computes pending writes on waitAll, with no read', async () => {
    const weight = zeros([2]);
    weight.assign(weight.add(3));
    expect((await cost(waitAll)).runs).toBe(1);
    expect(isPending(weight)).toBe(false);
  });
  it('does not compute again what a read computed', async () => {
    const y = tanh(array([0.5, 1]));
    await y.data();
    expect((await cost(() => y.data())).runs).toBe(0);
  });
  it('lets a chain be far longer than the call stack', async () => {
    let x = array([0]);
    for (let i = 0; i < 20_000; i++) x = x.add(array([1]));
    const [dx] = vjp([x], [x], [array([1])]);
    expect(await values(dx!)).toEqual([1]);
  });
  it('says which array has no numbers when a placeholder is read', async () => {
    await expect(placeholder([2, 3]).data()).rejects.toThrow(/placeholder of shape \[2,3\]/);
    await expect(placeholder([2, 3]).mul(2).data()).rejects.toThrow(/placeholder of shape \[2,3\]/);
  });
  it('goes on after an evaluation that failed', async () => {
    await expect(placeholder([4]).mul(2).data()).rejects.toThrow();
    expect(await values(array([4]).mul(2))).toEqual([8]);
  });
});

describe('constants that change', () => {
  it('compile a second time with those constants as inputs, and never again', async () => {
    const x = array([1, 2, 3]);
    const compilations: number[] = [];
    for (const factor of [0.5, 0.25, 0.125, 7]) {
      compilations.push((await cost(async () => expect(await values(x.mul(factor).add(5))).toEqual([1, 2, 3].map((v) => v * factor + 5)))).compilations);
    }
    expect(compilations).toEqual([1, 1, 0, 0]);
  });
  it('may change in another place later', async () => {
    const x = array([2, 3]);
    const of = (a: number, b: number) => values(x.mul(a).sub(b));
    expect(await of(3, 4)).toEqual([2, 5]);
    expect(await of(5, 4)).toEqual([6, 11]);
    expect(await of(5, 1)).toEqual([9, 14]);
    expect(await cost(() => of(6, 7))).toEqual({ runs: 1, compilations: 0 });
    expect(await of(6, 7)).toEqual([5, 11]);
  });
  it('cost no second compilation where they are scalars', async () => {
    const weight = zeros([2]);
    const total = await cost(async () => {
      for (let i = 1; i <= 5; i++) {
        weight.assign(weight.sub(array([1, 2]).mul(scalar(i))));
        await waitAll();
      }
    });
    expect(total).toEqual({ runs: 5, compilations: 1 });
    expect(await values(weight)).toEqual([-15, -30]);
  });
});

describe('derivatives', () => {
  it('stop at the inputs, even where one was computed from another', async () => {
    const x = array([2, 3]);
    const y = x.mul(x);
    const [dx, dy] = vjp([mul(x, y)], [x, y], [constant(1, [2])]);
    expect(await values(dx!)).toEqual([4, 9]);
    expect(await values(dy!)).toEqual([2, 3]);
  });
  it('are zeros where nothing depends on the input', async () => {
    expect(await values(vjp([exp(array([1]))], [array([5, 6])], [constant(1, [1])])[0]!)).toEqual([0, 0]);
  });
  it('do not pass stopGradient and alias, which change no number', async () => {
    const x = array([2, 3]);
    const y = add(x, stopGradient(x.mul(5)));
    const [dx] = vjp([y], [x], [constant(1, [2])]);
    expect(await values(y)).toEqual([12, 18]);
    expect(await values(dx!)).toEqual([1, 1]);
    expect(alias(x).value).not.toBe(alias(x).value);
    expect(await values(alias(x))).toEqual([2, 3]);
  });
});

describe('derivatives of what was read', () => {
  it('are refused where the way may be forgotten, instead of being zero', async () => {
    const x = array([2, 3]);
    const hidden = exp(x);
    await hidden.data();
    expect(() => vjp([hidden.mul(2)], [x], [constant(1, [2])])).toThrow(/shape \[2\] on the way .* call vjp before reading it.*stopGradient/);
    expect(() => vjp([stopGradient(hidden).mul(x)], [x], [constant(1, [2])])).not.toThrow();
  });
  it('are exact where the way was noted', async () => {
    const x = array([2, 3]);
    const y = x.mul(x);
    const way = tape([y], [x]);
    await y.data();
    expect(await values(vjp([y], [x], [constant(1, [2])], way)[0]!)).toEqual([4, 6]);
  });
});

describe('what a later backward needs', () => {
  it('is kept by an evaluation between, not computed again', async () => {
    const x = array([0.5, 1]);
    const hidden = exp(x);
    const output = sum(tanh(hidden));
    const way = tape([output], [x]);
    const release = retain({}, () => {
      const head = placeholder([]);
      return boundary(vjp([output], [x], [head]), [head]);
    });
    await output.item();
    release();
    expect(isPending(hidden)).toBe(false);
    const [dx] = vjp([output], [x], [constant(1)], way);
    // d tanh(eˣ) = (1 − tanh²) eˣ
    const [gradient, expected] = await read([dx!, mul(sub(1, mul(tanh(hidden), tanh(hidden))), hidden)]);
    expect([...gradient!]).toEqual([...expected!]);
  });
});
