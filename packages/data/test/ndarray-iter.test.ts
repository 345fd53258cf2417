import { array, cast, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { type LastBatchHandle, NDArrayIter, type NDArrayIterOptions, ResizeIter, remapLabels } from '../src/index.js';

const rows = (n: number) => Float32Array.from({ length: n }, (_, i) => i);
const makeIter = (n: number, options: Partial<NDArrayIterOptions>) => new NDArrayIter({ data: rows(2 * n), shape: [n, 2] }, rows(n), options);
const epoch = (iter: NDArrayIter) => [...iter].map(({ index }) => [...index!]);

describe('shuffling', () => {
  it('gives every row once an epoch, in another order each time, and the same orders for the same seed', () => {
    const [a, b, other] = [3, 3, 4].map((seed) => makeIter(12, { batchSize: 4, shuffle: true, seed }));
    const orders: number[][] = [];
    for (let i = 0; i < 3; i++) {
      const order = epoch(a!).flat();
      expect([...order].sort((x, y) => x - y)).toEqual([...rows(12)]);
      expect(epoch(b!).flat()).toEqual(order);
      orders.push(order, epoch(other!).flat());
      for (const iter of [a, b, other]) iter!.reset();
    }
    expect(new Set(orders.map(String)).size).toBe(6);
  });

  it('keeps data and labels together', async () => {
    for (const batch of makeIter(10, { batchSize: 4, shuffle: true, lastBatchHandle: 'pad' })) {
      const [data, label] = [await batch.data[0]!.data(), await batch.label[0]!.data()];
      expect([...data]).toEqual([...batch.index!].flatMap((row) => [2 * row, 2 * row + 1]));
      expect([...label]).toEqual([...batch.index!]);
      expect(batch.hostLabel[0]).toEqual({ data: label, shape: [4] });
    }
  });

  it('rolls over the rows that were left, not those that stand there after the next shuffle', () => {
    const iter = makeIter(10, { batchSize: 4, shuffle: true, lastBatchHandle: 'rollOver', seed: 1 });
    const first = epoch(iter).flat();
    const left = [...rows(10)].filter((row) => !first.includes(row));
    iter.reset();
    const [head] = epoch(iter);
    expect(head!.slice(0, 2).sort((x, y) => x - y)).toEqual(left);
  });
});

describe('the end of an epoch', () => {
  it('lasts until reset, and rolled rows wait for it however often the end is asked for', () => {
    const iter = makeIter(10, { batchSize: 4, lastBatchHandle: 'rollOver' });
    expect(epoch(iter)).toHaveLength(2);
    expect([iter.next(), iter.next()]).toEqual([undefined, undefined]);
    iter.reset();
    expect(epoch(iter)[0]).toEqual([8, 9, 0, 1]);
  });

  it.each([
    ['a reset before the end rolls nothing over', (iter: NDArrayIter) => (iter.next(), iter.next(), iter.reset()), [0, 1, 2, 3]],
    ['a hard reset rolls nothing over', (iter: NDArrayIter) => (epoch(iter), iter.hardReset()), [0, 1, 2, 3]],
    ['a reset at the end rolls the rest over', (iter: NDArrayIter) => (epoch(iter), iter.reset()), [8, 9, 0, 1]],
  ])('%s', (_, act, head) => {
    const iter = makeIter(10, { batchSize: 4, lastBatchHandle: 'rollOver' });
    act(iter);
    expect(epoch(iter)[0]).toEqual(head);
  });
});

describe('resuming in the middle of an epoch equals not stopping', () => {
  const handles: readonly LastBatchHandle[] = ['pad', 'discard', 'rollOver'];
  const cases = handles.flatMap((lastBatchHandle) => [0, 1, 2, 3, 5, 8].map((calls) => [lastBatchHandle, calls] as const));

  it.each(cases)('%s, after %i batches', (lastBatchHandle, calls) => {
    const options = { batchSize: 4, shuffle: true, lastBatchHandle, seed: 5 };
    const step = (iter: NDArrayIter) => {
      const batch = iter.next();
      if (!batch) iter.reset();
      return batch && { index: [...batch.index!], pad: batch.pad };
    };
    const whole = makeIter(11, options);
    for (let i = 0; i < calls; i++) step(whole);
    const resumed = makeIter(11, options);
    resumed.restore(JSON.parse(JSON.stringify(whole.state())));
    for (let i = 0; i < 9; i++) expect(step(resumed)).toEqual(step(whole));
  });

  it.each([
    ['without shuffle', makeIter(11, { batchSize: 4 }), /saved without shuffle, this iterator was made with/],
    ['over other data', makeIter(9, { batchSize: 4, shuffle: true }), /not one of 11 rows \(it has 9\)/],
  ])('a state saved %s is refused', (_, saved, message) => {
    expect(() => makeIter(11, { batchSize: 4, shuffle: true }).restore(saved.state())).toThrow(message);
  });

  it('a position outside the data is refused', () => {
    const iter = makeIter(11, { batchSize: 4 });
    expect(() => iter.restore({ ...iter.state(), cursor: 99 })).toThrow(/position 99 does not fit 11 rows/);
  });
});

describe('sources', () => {
  it('feed bytes as bytes, with the transform recorded on them', async () => {
    const transform = (batch: NDArray) => cast(batch, 'float32').mul(0.5).reshape([-1, 4]);
    const iter = new NDArrayIter({ data: Uint8Array.from([0, 2, 4, 6, 8, 10, 12, 14]), shape: [2, 2, 2] }, undefined, { batchSize: 2, transform });
    expect(iter.provideData[0]).toMatchObject({ name: 'data', shape: [2, 4], dtype: 'float32' });
    expect([...(await iter.next()!.data[0]!.data())]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new NDArrayIter(new Uint8Array(4)).provideData[0]!.dtype).toBe('uint8');
  });

  it('may be nested lists, float64 or a Buffer', async () => {
    const first = async (iter: NDArrayIter) => [...(await iter.next()!.data[0]!.data())];
    expect(await first(new NDArrayIter([[1, 2], [3, 4]], undefined, { batchSize: 2 }))).toEqual([1, 2, 3, 4]);
    expect(await first(new NDArrayIter(Float64Array.of(0.5, 1), undefined, { batchSize: 2 }))).toEqual([0.5, 1]);
    expect(await first(new NDArrayIter(Buffer.from([7, 8]), undefined, { batchSize: 2, shuffle: false }))).toEqual([7, 8]);
  });

  it('may be arrays of an engine, read once', async () => {
    const iter = await NDArrayIter.read({ b: array([[1, 2], [3, 4]]), a: array([5, 6]).mul(2) }, array([0, 1]), { batchSize: 1, labelName: 'label' });
    expect(iter.provideData.map(({ name, shape }) => [name, shape])).toEqual([['a', [1]], ['b', [1, 2]]]);
    expect(iter.provideLabel[0]!.name).toBe('label');
    expect([...(await iter.next()!.data[0]!.data())]).toEqual([10]);
  });

  it.each([
    ['sources of different length', () => new NDArrayIter(rows(3), rows(4)), /softmax_label has shape \[4\], data \[3\]/],
    ['no samples', () => new NDArrayIter(new Float32Array(0)), /there are no samples/],
    ['no source', () => new NDArrayIter({}), /there is no data/],
    ['a shape that the elements do not fill', () => new NDArrayIter({ data: rows(5), shape: [2, 2] }), /data: 5 elements do not fill shape \[2,2\]/],
    ['lists of different length', () => new NDArrayIter([[1], [2, 3]]), /data: the nested lists differ in length/],
    ['a batch size of 0', () => new NDArrayIter(rows(3), undefined, { batchSize: 0 }), /batchSize is 0/],
    ['an unknown handling of the last batch', () => new NDArrayIter(rows(3), undefined, { lastBatchHandle: 'roll_over' as 'rollOver' }), /choose one of pad, discard, rollOver/],
    ['elements of 16 bits', () => new NDArrayIter(new Int16Array(3) as unknown as Int32Array), /Int16Array are not supported/],
  ])('refuse %s', (_, act, message) => expect(act).toThrow(message));
});

describe('remapLabels', () => {
  it('gives one label several names, in the order of the mapping, on batches and descriptions', async () => {
    const iter = remapLabels(new NDArrayIter(rows(4), { label: rows(4), weight: Float32Array.of(9, 8, 7, 6) }, { batchSize: 2 }), {
      softmax_label: 'label',
      sample_weight: 'weight',
      center_label: 'label',
    });
    const names = ['softmax_label', 'sample_weight', 'center_label'];
    expect(iter.provideLabel.map(({ name }) => name)).toEqual(names);
    const batch = (await iter.next())!;
    expect(batch.provideLabel.map(({ name }) => name)).toEqual(names);
    expect(batch.hostLabel.map(({ data }) => [...data])).toEqual([[0, 1], [9, 8], [0, 1]]);
    expect(batch.label[2]).toBe(batch.label[0]);
  });

  it('refuses a label that is not there', () => {
    expect(() => remapLabels(new NDArrayIter(rows(4), rows(4)), { a: 'label' })).toThrow(/a asks for label "label"; the iterator provides softmax_label/);
  });

  it('resumes with the iterator inside', async () => {
    const make = () => remapLabels(makeIter(8, { batchSize: 2, shuffle: true, seed: 2 }), { a: 'softmax_label' });
    const [whole, resumed] = [make(), make()];
    await whole.next();
    resumed.restore(whole.state());
    expect((await resumed.next())!.index).toEqual((await whole.next())!.index);
  });
});

describe('ResizeIter', () => {
  const batches = async (iter: ResizeIter) => {
    const found: number[] = [];
    for await (const { index } of iter) found.push(index![0]!);
    return found;
  };

  it.each([
    [5, true, [0, 2, 4, 0, 2], [0, 2, 4, 0, 2]],
    [2, true, [0, 2], [0, 2]],
    [2, false, [0, 2], [4, 0]],
  ])('gives %i batches an epoch (inner reset: %s)', async (size, resetInternal, first, second) => {
    const iter = new ResizeIter(makeIter(6, { batchSize: 2 }), size, resetInternal);
    expect(await batches(iter)).toEqual(first);
    expect(await iter.next()).toBeUndefined();
    await iter.reset();
    expect(await batches(iter)).toEqual(second);
  });

  it('resumes where it stood', async () => {
    const make = () => new ResizeIter(makeIter(6, { batchSize: 2, shuffle: true }), 5);
    const [whole, resumed] = [make(), make()];
    for (let i = 0; i < 4; i++) await whole.next();
    resumed.restore(JSON.parse(JSON.stringify(whole.state())));
    expect(await batches(resumed)).toEqual(await batches(whole));
    expect(() => new ResizeIter(makeIter(6, {}), 1).restore(whole.state())).toThrow(/delivered 5 batches of 1/);
  });
});
