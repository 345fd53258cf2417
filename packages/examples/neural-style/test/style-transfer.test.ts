import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, evaluationCounts, read, waitAll } from '@lossworks/ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clippedByNorm } from '../src/style/clip-by-norm.js';
import { createStyleTransfer, type StyleTransferOptions } from '../src/style/style-transfer.js';
import { gramScales } from '../src/style/gram.js';
import { styleContent, targetsOf } from '../src/style/style-loss.js';
import { loadTrunk, type Trunk } from '../src/trunk/trunk.js';
import { drawnPicture } from './pictures.js';
import { saveSmallVgg } from './small-vgg.js';

const folder = mkdtempSync(join(tmpdir(), 'lossworks-style-'));
afterAll(() => rmSync(folder, { recursive: true }));

let trunk: Trunk;
beforeAll(async () => {
  trunk = await loadTrunk(await saveSmallVgg(join(folder, 'vgg')), { pooling: 'average' });
});

const transferOf = (options: Partial<StyleTransferOptions> = {}) =>
  createStyleTransfer({
    trunk, content: drawnPicture(40, 32), style: drawnPicture(32, 32, 2), layers: { style: trunk.preset!.styleLayers, content: trunk.preset!.contentLayer }, layerWeights: [1, 1, 1, 1, 1],
    styleWeight: 1, contentWeight: 10, tvWeight: 0.01, gram: 'mxnet', optimizer: 'nag', learningRate: undefined, start: 'noise', seed: 3, ...options,
  });

describe('one program an iteration', () => {
  const steps = 5;
  const counted = async (work: () => Promise<void>) => {
    const before = evaluationCounts();
    await work();
    const after = evaluationCounts();
    return { runs: after.runs - before.runs, compilations: after.compilations - before.compilations };
  };

  test('where nothing is read, every iteration is one run of the same program', async () => {
    const transfer = await transferOf();
    const counts = await counted(async () => {
      for (let i = 0; i < steps; i++) await transfer.step();
      await waitAll();
    });
    expect(counts).toEqual({ runs: steps, compilations: 1 });
  });

  test.each([1, 2])('reading the losses every %i iterations adds no run and no program', async (every) => {
    const transfer = await transferOf();
    const counts = await counted(async () => {
      for (let i = 1; i <= steps; i++) {
        await transfer.step();
        if (i % every === 0) await read([...transfer.losses, transfer.relativeChange]);
      }
      await waitAll();
    });
    expect(counts.runs).toBe(steps);
    expect(counts.compilations).toBeLessThanOrEqual(1);
  });
});

test('without reading in between the image ends up the same, bit for bit', async () => {
  const [watched, unwatched] = await Promise.all([transferOf(), transferOf()]);
  for (let i = 0; i < 4; i++) {
    await watched.step();
    await read(watched.losses);
  }
  for (let i = 0; i < 4; i++) await unwatched.step();
  expect(await unwatched.image.data()).toEqual(await watched.image.data());
});

test.each(['nag', 'adam'] as const)('%s makes style and content alike', { timeout: 30_000 }, async (optimizer) => {
  const transfer = await transferOf({ optimizer });
  const totals: number[] = [];
  for (let i = 0; i < 40; i++) {
    await transfer.step();
    totals.push((await read(transfer.losses)).reduce((sum, values) => sum + values[0]!, 0));
  }
  expect(totals.at(-1)!).toBeLessThan(totals[0]! / 2);
});

test.each(Object.keys(gramScales) as (keyof typeof gramScales)[])('the first losses are those of the definition (%s)', async (gram) => {
  const layers = { style: ['relu1_1', 'relu3_1'], content: 'relu4_2' };
  const [content, style] = [drawnPicture(32, 32), drawnPicture(32, 32, 2)];
  const transfer = await transferOf({ content, style, layers, layerWeights: [1, 0.5], styleWeight: 2, gram, start: 'content' });
  await transfer.step();
  const losses = (await read(transfer.losses)).map((values) => values[0]!);
  const [mine, theirs] = await Promise.all([content, style].map((picture) => targetsOf(trunk, layers, picture)));
  const numbers = await read([...mine!.grams, ...theirs!.grams]);
  const [c1, c3] = styleContent(trunk, layers, [32, 32]).shapes;
  const squared = (i: number) => Array.from(numbers[i]!).reduce((sum, value, k) => sum + (value - numbers[i + 2]![k]!) ** 2, 0);
  const size = ([c, h, w]: readonly number[]) => ({ c: c!, n: h! * w! });
  const scales = { mxnet: ({ c, n }) => c * c * n, gatys: ({ c, n }) => 4 * c * c * n * n, johnson: ({ c, n }) => c * c * n * n } satisfies { [name: string]: (x: { c: number; n: number }) => number };
  expect(losses[0]! / ((2 * squared(0)) / scales[gram](size(c1!)))).toBeCloseTo(1, 4);
  expect(losses[1]! / ((2 * 0.5 * squared(1)) / scales[gram](size(c3!)))).toBeCloseTo(1, 4);
  // From the content itself there is nothing to make up for.
  expect(losses[2]).toBe(0);
});

test('a style picture of twice the height counts as much as its upper half', async () => {
  const layers = { style: ['relu1_1'], content: 'relu4_2' };
  const half = drawnPicture(32, 32, 0);
  const rows = (channel: number): Float32Array[] => [0, 1].map(() => half.data.subarray(channel * 1024, (channel + 1) * 1024));
  const twice = { width: 32, height: 64, data: Float32Array.from([0, 1, 2].flatMap((channel) => rows(channel).flatMap((part) => [...part]))) };
  const [one, other] = await Promise.all([half, twice].map(async (style) => {
    const transfer = await transferOf({ style, layers, layerWeights: [1], start: 'content' });
    await transfer.step();
    return transfer.losses[0]!.item();
  }));
  // All but the border, where the network sees nought.
  expect(Math.abs(other! / one! - 1)).toBeLessThan(0.1);
});

test('a gradient above the limit is shortened to it, another stays', async () => {
  expect([...(await clippedByNorm(array([3, 4]), 1).data())]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
  expect([...(await clippedByNorm(array([3, 4]), 6).data())]).toEqual([3, 4]);
  expect([...(await clippedByNorm(array([0, 0]), 6).data())]).toEqual([0, 0]);
});
