import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@lossworks/example-kit';
import { registerLossOperators } from '@lossworks/losses';
import { readCheckpoint, loadMxnetCheckpoint } from '@lossworks/module';
import { read } from '@lossworks/ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTrainings } from '../src/command.js';
import { boxLossNames } from '../src/network.js';
import { parseOptions } from '../src/options.js';
import { RegionBatches } from '../src/region-batches.js';

const folder = mkdtempSync(join(tmpdir(), 'lossworks-fast-rcnn-'));
const place = (name: string) => join(folder, name);
let written = '';
const terminal = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WritableStream;

const run = (out: string, ...args: string[]) => runTrainings(parseOptions(['--scenes', '12', '--test-scenes', '4', '--seed', '3', '--out', out, ...args], () => {})!, terminal);

beforeAll(async () => {
  await run(place('whole'), '--epochs', '2');
  written = '';
  await run(place('half'), '--epochs', '1');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checkpoint = (out: string, epoch: number) => readCheckpoint(join(place(out), 'checkpoint-smooth-l1'), epoch);
const bits = (arrays: ReadonlyMap<string, { readonly data: ArrayBufferView }>) =>
  [...arrays].map(([name, { data }]) => [name, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')]);

test('it says what the scenes are not, and how many digits the proposals reach', () => {
  expect(written).toMatch(/12 scenes to train with, 4 to test with, of other digits .*not VOC/);
  expect(written).toMatch(/160 proposals a scene; they reach [\d.]+ % of the digits at IoU 0\.5/);
});

test('a resumed training ends with the very same weights and momenta', async () => {
  cpSync(place('half'), place('resumed'), { recursive: true });
  await run(place('resumed'), '--epochs', '2', '--resume');
  const [whole, resumed] = [await checkpoint('whole', 2), await checkpoint('resumed', 2)];
  for (const kind of ['argParams', 'optimizerArrays'] as const) {
    expect(whole[kind].size).toBeGreaterThan(0);
    expect(bits(resumed[kind])).toEqual(bits(whole[kind]));
  }
}, 300_000);

test("MXNet's checkpoint beside it also holds the parameters that are not normalised", async () => {
  registerLossOperators();
  const { argParams } = await loadMxnetCheckpoint(join(place('whole'), 'fast-rcnn-smooth-l1'), 2);
  expect(Object.keys(argParams)).toEqual(expect.arrayContaining(['conv1_weight', 'fc6_weight', 'bbox_pred_weight', 'bbox_pred_weight_test', 'bbox_pred_bias_test']));
  const [weight, ofTest] = (await read([argParams['bbox_pred_weight']!, argParams['bbox_pred_weight_test']!])) as [Float32Array, Float32Array];
  const ratios = [...ofTest.subarray(256 * 8, 256 * 9)].map((value, i) => value / weight[256 * 8 + i]!);
  expect(Math.max(...ratios) - Math.min(...ratios)).toBeLessThan(1e-4);
  expect(ratios[0]).toBeGreaterThan(0.01);
});

test('the ablations train with the other box losses', async () => {
  const summary = await run(place('ablations'), '--epochs', '1', '--ablations');
  expect(summary.ablations.map(({ name }) => name).join()).toMatch(/smooth L1.*raw proposals.*L1 instead.*L2 instead.*without a mistake.*know nothing/);
  const weights = await Promise.all(boxLossNames.map(async (loss) => bits((await readCheckpoint(join(place('ablations'), `checkpoint-${loss}`), 1)).argParams).join()));
  expect(new Set(weights).size).toBe(3);
}, 300_000);

describe('bad input', () => {
  const cases: readonly (readonly [what: string, args: () => string[], message: RegExp])[] = [
    ['a missing folder', () => ['--data', place('nowhere')], /^--data: .*nowhere/],
    ['an unknown engine', () => ['--engine', 'abacus'], /^--engine: .*'abacus'/],
    ['nothing to resume', () => ['--resume', '--out', place('empty')], /^--resume: there is no earlier training in .*empty/],
    ['other settings than those of the checkpoint', () => ['--resume', '--scenes', '14', '--out', place('half')], /^--resume: .*--scenes 12, not 14/],
    ['fewer epochs than there are', () => ['--resume', '--epochs', '1', '--out', place('whole')], /^--epochs: the checkpoint in .* has 2 epochs already; give at least 2$/],
    ['a damaged checkpoint', () => {
      cpSync(place('half'), place('torn'), { recursive: true });
      truncateSync(join(place('torn'), 'checkpoint-smooth-l1-0001.safetensors'), 9000);
      return ['--resume', '--out', place('torn')];
    }, /^--resume: .*checkpoint-smooth-l1-0001\.safetensors/],
    ['a damaged history', () => {
      cpSync(place('half'), place('scratched'), { recursive: true });
      writeFileSync(join(place('scratched'), 'history.json'), readFileSync(join(place('half'), 'history.json')).subarray(0, 40));
      return ['--resume', '--out', place('scratched')];
    }, /^--resume: .*history\.json is damaged/],
  ];
  test.each(cases)('%s is one clear line', async (_, args, message) => {
    const error = await run(place('unused'), '--epochs', '2', ...args()).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  }, 300_000);

  test('too few images for a batch', () => {
    expect(() => new RegionBatches([], { size: 96, statistics: { means: [], deviations: [] }, seed: 1 })).toThrow(/a batch takes 2 images, there are 0/);
  });

  test.each([
    [['--epochs', '0'], "--epochs: '0' is not a whole number of at least 1"],
    [['--scenes', '1'], "--scenes: '1' is not a whole number of at least 2"],
    [['--epoch', '1'], "unknown option '--epoch' (Did you mean --epochs?)"],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args, () => {})).toThrow(message);
  });
});
