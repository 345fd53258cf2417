import { describe, expect, it } from 'vitest';
import { add, array, endStep, evaluationCounts, exp, matmul, maximum, NDArray, placeholder, read, Recorded, scratch, sum, tanh, vjp, waitAll } from '../src/index.js';

/** A layer and its gradient, recorded once for any x and w. */
function layer(): Recorded {
  const [x, w] = [placeholder([4, 3]), placeholder([3, 2])];
  const y = tanh(matmul(x, w)).mul(0.5);
  const [dx, dw] = vjp([y], [x, w], [array([[1, 2], [3, 4], [5, 6], [7, 8]])]);
  return new Recorded([x, w], [y, dx!, dw!]);
}

function directly(x: NDArray, w: NDArray): NDArray[] {
  const y = tanh(matmul(x, w)).mul(0.5);
  return [y, ...vjp([y], [x, w], [array([[1, 2], [3, 4], [5, 6], [7, 8]])])];
}

const numbers = (shape: readonly number[], seed: number): NDArray => array(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(seed + 1.7 * i)), { shape });

describe('Recorded', () => {
  it('gives what recording anew gives, for every use', async () => {
    const recorded = layer();
    for (const seed of [1, 2, 3]) {
      const [x, w] = [numbers([4, 3], seed), numbers([3, 2], 10 * seed)];
      expect(await read(recorded.apply([x, w]))).toEqual(await read(directly(x, w)));
    }
  });

  it('is one program with what is computed of its operands and results, compiled once for all uses', async () => {
    const recorded = layer();
    const step = async (seed: number, rate: number): Promise<unknown> => {
      const [x, w] = [numbers([4, 3], seed).mul(2), numbers([3, 2], seed)];
      const [y, , dw] = recorded.apply([x, w]);
      return read([sum(exp(y!)), w.sub(dw!.mul(rate))]);
    };
    const start = evaluationCounts();
    await step(1, 0.1);
    await step(2, 0.1);
    const between = evaluationCounts();
    expect(between.compilations - start.compilations).toBe(1);
    expect(between.runs - start.runs).toBe(2);
    // Another number outside is compiled once more; the equal one inside is a part of the program.
    const other = await step(3, 0.5);
    await step(3, 0.25);
    expect(evaluationCounts().compilations - between.compilations).toBe(1);
    const [x, w] = [numbers([4, 3], 3).mul(2), numbers([3, 2], 3)];
    const [y, , dw] = directly(x, w);
    expect(await read([sum(exp(y!)), w.sub(dw!.mul(0.5))])).toEqual(other);
  });

  it('shares programs between equal recordings', async () => {
    const [x, w] = [numbers([4, 3], 1), numbers([3, 2], 1)];
    await read(layer().apply([x, w]));
    const before = evaluationCounts().compilations;
    await read(layer().apply([x, w]));
    expect(evaluationCounts().compilations).toBe(before);
  });

  it('can be differentiated like anything recorded', async () => {
    const recorded = layer();
    const [x, w] = [numbers([4, 3], 4), numbers([3, 2], 5)];
    const head = numbers([4, 2], 6);
    const gradients = ([y]: readonly NDArray[]): NDArray[] => vjp([y!.mul(y!)], [x, w], [head]);
    expect(await read(gradients(recorded.apply([x, w])))).toEqual(await read(gradients(directly(x, w))));
  });

  it('computes results one after the other, from results that are there already', async () => {
    const recorded = layer();
    const [x, w] = [numbers([4, 3], 7), numbers([3, 2], 8)];
    const [y, dx, dw] = recorded.apply([x, w]);
    const [expectedY, expectedX, expectedW] = await read(directly(x, w));
    expect(await y!.data()).toEqual(expectedY);
    expect(await add(dw!, 0).data()).toEqual(expectedW);
    expect(await dx!.data()).toEqual(expectedX);
  });

  it('feeds one use with the results of another', async () => {
    const half = placeholder([2, 2]);
    const recorded = new Recorded([half], [tanh(half.mul(3)), half.add(1)]);
    const x = numbers([2, 2], 1);
    const [first, more] = recorded.apply([x]);
    const [second] = recorded.apply([maximum(first!, more!)]);
    expect(await second!.data()).toEqual(await tanh(maximum(tanh(x.mul(3)), x.add(1)).mul(3)).data());
  });

  it('hands on inputs and arrays that no input changes as they are', async () => {
    const x = placeholder([2]);
    const fixed = array([5, 6]);
    const recorded = new Recorded([x], [x, fixed, fixed.mul(2), x.add(fixed)]);
    expect(await read(recorded.apply([array([1, 2])]))).toEqual([[1, 2], [5, 6], [10, 12], [6, 8]].map((each) => Float32Array.from(each)));
  });

  it('computes assigned results along with what is read, and scratch ones only when read', async () => {
    const x = placeholder([2]);
    const recorded = new Recorded([x], [x.mul(2), x.mul(3), x.mul(4)]);
    const [kept, unkept] = [array([0, 0]), scratch([2])];
    const [a, b, c] = recorded.apply([array([1, 10])]);
    kept.assign(a!);
    unkept.assign(b!);
    await waitAll();
    const { runs } = evaluationCounts();
    expect(await kept.data()).toEqual(Float32Array.from([2, 20]));
    expect(evaluationCounts().runs).toBe(runs);
    expect(await read([unkept, c!])).toEqual([Float32Array.from([3, 30]), Float32Array.from([4, 40])]);
  });

  it('stays folded where another step goes on from its results', async () => {
    const x = placeholder([2]);
    const recorded = new Recorded([x], [x.mul(2)]);
    const weight = array([1, 10]);
    const [first] = recorded.apply([weight]);
    weight.assign(first!);
    endStep();
    weight.assign(recorded.apply([weight])[0]!);
    expect(first!.value.call).toBeDefined();
    expect(await weight.data()).toEqual(Float32Array.from([4, 40]));
  });

  it('tells 0 from −0 in what it records', async () => {
    const signs = (zero: number): Promise<Float32Array> => {
      const x = placeholder([1]);
      return new Recorded([x], [x.mul(zero)]).apply([array([1])])[0]!.data() as Promise<Float32Array>;
    };
    expect([(await signs(0))[0], (await signs(-0))[0]]).toEqual([0, -0]);
  });

  it.each([
    ['too few arrays', [array([1, 2])], '1 arrays for 2 inputs'],
    ['another shape', [array([1, 2, 3]), array([1, 2])], 'an array is float32 of shape [3], its input float32 of shape [2]'],
    ['another type', [array([1, 2], { dtype: 'int32' }), array([1, 2])], 'an array is int32 of shape [2], its input float32 of shape [2]'],
  ])('refuses %s', (_, arrays, message) => {
    const [x, y] = [placeholder([2]), placeholder([2])];
    expect(() => new Recorded([x, y], [x.add(y)]).apply(arrays)).toThrow(message);
  });
});
