import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { registerLossOperators } from '../../losses/src/index.js';
import { FeedForward, Uniform } from '../src/index.js';
import { classifier, points } from './small-networks.js';

const quiet = { logger: () => undefined, initializer: new Uniform({ scale: 0.3 }), seed: 4 };
const rows = { data: Float32Array.from({ length: 40 }, (_, i) => Math.sin(3 * i)), shape: [10, 4] };
const labels = Float32Array.from({ length: 10 }, (_, i) => i % 3);

registerLossOperators();

describe('FeedForward', () => {
  it('trains on arrays, predicts every row once, and is the same when saved and loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lossworks-'));
    try {
      const model = new FeedForward(classifier({ rate: 0 }), { ...quiet, numEpoch: 3, batchSize: 4, optimizerOptions: { learningRate: 0.2 } });
      await model.fit(rows, labels);
      const predicted = (await model.predict(rows)) as NDArray;
      expect(predicted.shape).toEqual([10, 3]);
      await model.save(join(folder, 'net'));
      const loaded = await FeedForward.load(join(folder, 'net'), 3, quiet);
      expect([...(await ((await loaded.predict(rows)) as NDArray).data())]).toEqual([...(await predicted.data())]);
      expect(await loaded.score(points(8))).toBe(await model.score(points(8)));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([[1, 2], [3, 6], [undefined, 6]])('counts batches from 1, %s an epoch', async (epochSize, batches) => {
    const counted: number[] = [];
    const model = new FeedForward(classifier({ rate: 0 }), { ...quiet, numEpoch: 2, ...(epochSize !== undefined && { epochSize }) });
    await model.fit(points(12), undefined, { batchEndCallback: ({ nbatch }) => void counted.push(nbatch) });
    expect(counted).toHaveLength(batches);
    expect(counted[0]).toBe(1);
  });

  it('says what is missing', async () => {
    await expect(new FeedForward(classifier(), quiet).fit(points(4))).rejects.toThrow(/numEpoch is not given/);
    await expect(new FeedForward(classifier(), quiet).predict(rows)).rejects.toThrow(/no parameters yet/);
  });
});
