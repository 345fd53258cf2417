import { alias, array, currentEngine, endStep, placeholder, read, Recorded, transient, useEngine, waitAll, zeros, type Engine, type NDArray } from '@lossworks/ndarray';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchRuns } from '../src/engines/watch-runs.js';
import { createReferenceEngine } from '../src/index.js';

/** So small that the engine onnx computes a step as a loop, however many threads it has. */
const size = 5_000;
const rate = 0.5;

type Way = 'assign' | 'overwrite';

/** One step, w ← w/2 + 1, as an optimizer records it. */
function step(weight: NDArray, way: Way = 'assign'): void {
  transient(() => weight[way](weight.mul(rate).add(1)));
}

async function steps(weight: NDArray, count: number, way?: Way): Promise<void> {
  for (let i = 0; i < count; i++) {
    step(weight, way);
    await waitAll();
  }
}

/** What w is after so many steps from 0. */
const after = (count: number): number => 2 - 2 * rate ** count;

/** What of the weights of the present step somebody may ask for later, and by how much what is read then is more. */
const keepers: { readonly [what: string]: (weight: NDArray) => readonly [kept: NDArray, more: number] } = {
  'a handle of its own': (weight) => [weight.snapshot(), 0],
  'an alias': (weight) => [alias(weight), 0],
  'an operation that changes nothing': (weight) => [weight.reshape(weight.shape).add(0), 0],
  'something recorded of it': (weight) => [weight.add(1), 1],
  'something recorded of it that is a part of something else': (weight) => {
    const inner = weight.add(1);
    zeros([size]).assign(inner.mul(2));
    return [inner, 1];
  },
  'another array that was given it': (weight) => [zeros([size]).assign(weight), 0],
  'another array that was given it in a step': (weight) => [transient(() => zeros([size]).assign(weight)), 0],
  'another array that was given what comes of it in a step': (weight) => [transient(() => zeros([size]).assign(weight.add(1))), 1],
  'an array that is not computed by itself': (weight) => {
    const scratch = zeros([size]);
    scratch.assignLazily(weight.add(1));
    return [scratch, 1];
  },
  'a use of something recorded once': (weight) => {
    const input = placeholder([size]);
    return [new Recorded([input], [input.mul(2).sub(input).add(1)]).apply([weight])[0]!, 1];
  },
  'what was recorded of a result of the next step': (weight) => {
    const next = transient(() => weight.mul(rate).add(1));
    return [next.mul(4).sub(weight), 4];
  },
};

/** How many spare buffers each run of programs compiled from now on is given. */
function countSpares(engine: Engine): readonly number[] {
  const given: number[] = [];
  watchRuns(engine, (_, spares) => given.push(spares.filter((spare) => spare !== undefined).length));
  return given;
}

const engines: { readonly [name: string]: () => Promise<Engine> } = {
  onnx: () => useEngine('onnx'),
  reference: () => useEngine(createReferenceEngine()),
};

describe.each(Object.entries(engines))('contents of two steps before, on the engine %s', (_, start) => {
  beforeEach(async () => void (await start()));
  afterEach(async () => {
    await waitAll();
    vi.restoreAllMocks();
  });

  describe.each<Way>(['assign', 'overwrite'])('replaced by %s', (way) => {
    it.each(Object.entries(keepers))('stay for %s', async (_, keep) => {
      const weight = zeros([size]);
      await steps(weight, 5, way);
      const [kept, more] = keep(weight);
      await steps(weight, 5, way);
      expect((await kept.data())[size - 1]).toBeCloseTo(after(5) + more, 5);
      expect((await weight.data())[0]).toBeCloseTo(after(10), 5);
    });

    it('stay where the next ones could not be computed', async () => {
      const engine = await currentEngine();
      let fails = false;
      watchRuns(engine, () => {
        if (fails) throw new Error('no memory');
      });
      const weight = zeros([size]);
      await steps(weight, 4, way);
      const old = transient(() => weight.add(0.5));
      fails = true;
      step(weight, way);
      await expect(waitAll()).rejects.toThrow('no memory');
      fails = false;
      expect((await old.data())[3]).toBeCloseTo(after(4) + 0.5, 5);
      expect((await weight.data())[3]).toBeCloseTo(after(5), 5);
    });
  });

  it('stay for whoever waits for them while the next ones are computed', async () => {
    const weight = zeros([size]);
    await steps(weight, 4, 'overwrite');
    const readings: Promise<unknown>[] = [];
    for (let i = 5; i < 12; i++) {
      step(weight, 'overwrite');
      readings.push(weight.data().then((data) => expect(data[size - 1]).toBeCloseTo(after(i), 5)));
      // As soon as the evaluation has begun, which takes what is pending then.
      for (let tick = 0; tick < i - 4; tick++) await Promise.resolve();
    }
    await Promise.all(readings);
  });

  it('are written over at once where the array says so, and an error for what depends on them', async () => {
    const weight = zeros([size]);
    await steps(weight, 4, 'overwrite');
    const [early, late] = transient(() => [weight.add(0.5), weight.add(0.25)]);
    step(weight, 'overwrite');
    const [found] = await read([early]);
    expect(found![0]).toBeCloseTo(after(4) + 0.5, 5);
    await expect(late.data()).rejects.toThrow('whose numbers later steps of a training have replaced');
    expect((await weight.data())[0]).toBeCloseTo(after(5), 5);
  });

  it.each<readonly [Way, Way]>([['assign', 'overwrite'], ['overwrite', 'assign']])('stay where one of several times makes no such promise: %s, %s', async (...ways) => {
    const weight = zeros([size]);
    await steps(weight, 4);
    const old = transient(() => weight.add(0.5));
    ways.forEach((way) => step(weight, way));
    await waitAll();
    expect((await old.data())[0]).toBeCloseTo(after(4) + 0.5, 5);
  });

  it('stay for two arrays that were given one result', async () => {
    const [a, b] = [zeros([size]), zeros([size])];
    const results: number[] = [];
    for (let i = 0; i < 6; i++) {
      transient(() => {
        const result = a.mul(rate).add(1);
        a.assign(result);
        b.assign(i < 3 ? result : a);
        if (i >= 3) a.assign(a.mul(1));
      });
      await waitAll();
      results.push((await b.data())[7]!);
    }
    await steps(a, 4);
    expect((await b.data())[7]).toBe(results.at(-1));
    expect(results.map((value) => value.toFixed(4))).toEqual([1, 2, 3, 4, 5, 6].map((count) => after(count).toFixed(4)));
  });

  it('stay where the caller gave the numbers', async () => {
    const mine = new Float32Array(size).fill(3);
    const weight = array(mine);
    await steps(weight, 2);
    weight.assign(array(mine));
    await steps(weight, 4);
    expect(mine.every((value) => value === 3)).toBe(true);
  });

  it('stay where the same evaluation reads them', async () => {
    const weight = zeros([size]);
    await steps(weight, 4);
    const old = transient(() => weight.add(0.5));
    await steps(weight, 1);
    step(weight);
    const [found] = await read([old, weight]);
    expect(found![0]).toBeCloseTo(after(4) + 0.5, 5);
  });

  it('are memory for the next ones otherwise: also of steps that run together', async () => {
    const given = countSpares(await currentEngine());
    const [weight, momentum] = [zeros([size]), zeros([size])];
    for (let i = 0; i < 5; i++) {
      for (let k = 0; k < 3; k++) {
        if (k > 0) endStep();
        transient(() => {
          momentum.assign(momentum.mul(rate).add(1));
          weight.assign(weight.add(momentum));
        });
      }
      await waitAll();
    }
    // Of the first run the contents before were the host's; those of the second have been there for one evaluation only.
    expect(given).toEqual([0, 0, 2, 2, 2]);
    let [w, m] = [0, 0];
    for (let i = 0; i < 15; i++) [m, w] = [m * rate + 1, w + m * rate + 1];
    expect((await weight.data())[0]).toBeCloseTo(w, 4);
  });

  it('are an error for what was promised not to be asked for', async () => {
    const weight = zeros([size]);
    await steps(weight, 4);
    const old = transient(() => weight.add(0.5));
    await steps(weight, 3);
    await expect(old.data()).rejects.toThrow(/shape \[5000\] whose numbers later steps of a training have replaced: read it in its own step, or keep it/);
  });
});

it('a step takes no new memory', async () => {
  await useEngine('onnx');
  const weight = zeros([1_000_000]);
  await steps(weight, 3);
  const start = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 20; i++) {
    await steps(weight, 1);
    expect(process.memoryUsage().arrayBuffers - start).toBeLessThan(1_000_000);
  }
});
