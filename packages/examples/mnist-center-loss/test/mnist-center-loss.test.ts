import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mnistFiles } from '@lossworks/data';
import { InputError, pngSize } from '@lossworks/example-kit';
import { readCheckpoint, type Checkpoint } from '@lossworks/module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTrainings } from '../src/command.js';
import { parseOptions } from '../src/options.js';
import type { Summary } from '../src/summary.js';
import { writeSmallMnist } from './small-mnist.js';

const folder = mkdtempSync(join(tmpdir(), 'lossworks-examples-'));
const data = writeSmallMnist(join(folder, 'data'));
const place = (name: string) => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example as its command runs it, on a few hundred digits, with its terminal's lines. */
async function run(out: string, ...args: string[]): Promise<{ summary: Summary; lines: string }> {
  const lines: string[] = [];
  const terminal = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  const options = parseOptions(['--data', data, '--out', out, '--batch-size', '40', ...args], () => {})!;
  return { summary: await runTrainings(options, terminal), lines: lines.join('') };
}

const checkpointFiles = (out: string) => readdirSync(out).filter((name) => name.endsWith('.safetensors')).sort();

// One training in one go, and the same in two halves; the first half is kept too.
const [whole, halves, half] = [place('whole'), place('halves'), place('half')];
let result: Awaited<ReturnType<typeof run>>;

beforeAll(async () => {
  result = await run(whole, '--epochs', '2', '--seed', '3');
  await run(halves, '--epochs', '1', '--seed', '3');
  cpSync(halves, half, { recursive: true });
  await run(halves, '--epochs', '2', '--seed', '3', '--resume');
}, 120_000);

describe('a run', () => {
  test('its summary has exactly the documented fields', () => {
    const written = JSON.parse(readFileSync(join(whole, 'summary.json'), 'utf8')) as Summary;
    expect(written).toEqual(result.summary);
    expect(written).toEqual({
      testAccuracy: expect.any(Number),
      testAccuracySoftmaxOnly: expect.any(Number),
      spread: expect.any(Number),
      spreadSoftmaxOnly: expect.any(Number),
      samplesPerSecond: expect.any(Number),
      trainSeconds: expect.any(Number),
      epochs: 2,
      seed: 3,
      engine: 'onnx',
    });
    for (const accuracy of [written.testAccuracy, written.testAccuracySoftmaxOnly]) {
      expect(accuracy).toBeGreaterThan(0.1);
      expect(accuracy).toBeLessThanOrEqual(1);
      // 100 digits are tested, those of the short last batch once each and no others.
      expect(Math.abs(accuracy * 100 - Math.round(accuracy * 100))).toBeLessThan(1e-9);
    }
    expect(written.samplesPerSecond * written.trainSeconds).toBeCloseTo(2 * 2 * 240, 6);
  });

  test.each(['comparison', 'curves', ...['softmax-only', 'center-loss'].flatMap((name) => ['01', '02'].map((epoch) => `embedding-${name}-epoch-${epoch}`))])(
    'draws %s as PNG and SVG',
    (name) => {
      expect(pngSize(readFileSync(join(whole, `${name}.png`))).width).toBeGreaterThan(1000);
      const svg = readFileSync(join(whole, `${name}.svg`), 'utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined/);
    },
  );

  test('the last checkpoint of each training stays, and nothing half-written', () => {
    expect(checkpointFiles(whole)).toEqual(['checkpoint-center-loss-0002.safetensors', 'checkpoint-softmax-only-0002.safetensors']);
    expect(readdirSync(whole).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('tells its progress in plain lines where there is no terminal', () => {
    expect(result.lines).toMatch(/with center loss {2}epoch 2\/2 {2}step 3 of 6 {2}\d+ samples\/s {2}accuracy \d+\.\d\d % {2}center loss 0\.\d*[1-9]/);
    // eslint-disable-next-line no-control-regex
    expect(result.lines).not.toMatch(/[\r\u001b]/);
  });
});

describe('resuming', () => {
  test.each(['softmax-only', 'center-loss'])('%s: gives bit for bit the weights, centers and momentum of an uninterrupted training', async (name) => {
    const [one, other] = await Promise.all([whole, halves].map((out) => readCheckpoint(join(out, `checkpoint-${name}`), 2)));
    for (const kind of ['argParams', 'auxParams', 'optimizerArrays'] as const) expect(bits(other!, kind)).toEqual(bits(one!, kind));
    expect(bits(one!, 'argParams').size).toBe(10);
    expect(bits(one!, 'optimizerArrays').size).toBe(10);
    expect(bits(one!, 'auxParams').size).toBe(name === 'center-loss' ? 1 : 0);
    expect(other!.training).toEqual(one!.training);
  });

  test('keeps the epochs before in curves and summary', () => {
    const history = (out: string) => JSON.parse(readFileSync(join(out, 'history.json'), 'utf8')) as { epochs: Record<string, { test: unknown; train: unknown }[]> };
    const measures = (out: string) => Object.values(history(out).epochs).flat().map((epoch) => [epoch.train, epoch.test]);
    expect(measures(halves)).toEqual(measures(whole));
    expect(measures(halves)).toHaveLength(4);
  });

  test('a finished training is not trained again, its pictures are drawn', async () => {
    unlinkSync(join(whole, 'comparison.png'));
    const before = readFileSync(join(whole, 'summary.json'), 'utf8');
    await run(whole, '--epochs', '2', '--seed', '3', '--resume');
    expect(readFileSync(join(whole, 'summary.json'), 'utf8')).toBe(before);
    expect(existsSync(join(whole, 'comparison.png'))).toBe(true);
  }, 60_000);
});

test('the custom operator and the built-in center loss train along the same way', async () => {
  const custom = place('custom');
  await run(custom, '--epochs', '2', '--seed', '3', '--loss', 'custom');
  const [one, other] = await Promise.all([whole, custom].map((out) => readCheckpoint(join(out, 'checkpoint-center-loss'), 2)));
  // 12 steps; the two add up the same float32 numbers in another order.
  for (const [name, { data: expected }] of one!.argParams) {
    const found = other!.argParams.get(name)!.data as Float32Array;
    expect(largestDifference(found, expected as Float32Array), name).toBeLessThan(2e-5);
  }
  const [[, { data: centers }], [, { data: customCenters }]] = [[...one!.auxParams][0]!, [...other!.auxParams][0]!];
  expect(largestDifference(centers as Float32Array, customCenters as Float32Array)).toBeLessThan(2e-5);
  expect(largestDifference(centers as Float32Array, new Float32Array(20))).toBeGreaterThan(0.05);
}, 60_000);

describe('bad input', () => {
  const broken = (name: string, damage: (file: (name: string) => string) => void) => {
    const copy = place(name);
    cpSync(data, copy, { recursive: true });
    damage((file) => join(copy, file));
    return copy;
  };
  beforeAll(() => writeFileSync(place('file'), ''));

  const cases: readonly (readonly [what: string, args: () => string[], message: RegExp])[] = [
    ['a missing folder', () => ['--data', place('nowhere')], /^--data: .*nowhere/],
    ['a missing file', () => ['--data', broken('missing', (file) => unlinkSync(file(mnistFiles.test.images)))], /^--data: .*t10k-images-idx3-ubyte/],
    ['a file that is cut off', () => ['--data', broken('cut', (file) => truncateSync(file(mnistFiles.train.images), 5000))], /^--data: .*train-images-idx3-ubyte.*5000 bytes.*cut off/],
    [
      'a label that is no digit',
      () => ['--data', broken('label', (file) => writeFileSync(file(mnistFiles.train.labels), readFileSync(file(mnistFiles.train.labels)).fill(12, 20, 21)))],
      /^--data: train-labels-idx1-ubyte: label 12 in row 12/,
    ],
    ['an output folder below a file', () => ['--out', join(place('file'), 'out')], /^--out: cannot write to .*file.out \(ENOTDIR\); choose another folder$/],
    ['an unknown engine', () => ['--engine', 'abacus'], /^--engine: .*'abacus'.*onnx/],
    ['batches larger than the data', () => ['--train-limit', '30'], /^--batch-size: 40 is more than the 30 digits/],
    ['nothing to resume', () => ['--resume', '--out', place('empty')], /^--resume: there is no earlier training in .*empty/],
    ['other settings than those of the checkpoint', () => ['--resume', '--seed', '3', '--lambda', '0.25', '--out', half], /^--resume: .*--lambda 0.5, not 0.25/],
    ['fewer epochs than there are', () => ['--resume', '--seed', '3', '--epochs', '1', '--out', whole], /^--epochs: the checkpoint in .* has 2 epochs already; give at least 2$/],
    [
      'a checkpoint of another network',
      () => {
        cpSync(half, place('other'), { recursive: true });
        cpSync(join(half, 'checkpoint-center-loss-0001.safetensors'), join(place('other'), 'checkpoint-softmax-only-0001.safetensors'));
        return ['--resume', '--seed', '3', '--epochs', '2', '--out', place('other')];
      },
      /^--resume: .*checkpoint-softmax-only-0001\.safetensors.*another network/,
    ],
    [
      'a damaged checkpoint',
      () => {
        cpSync(half, place('torn'), { recursive: true });
        truncateSync(join(place('torn'), 'checkpoint-center-loss-0001.safetensors'), 100_000);
        return ['--resume', '--seed', '3', '--epochs', '2', '--out', place('torn')];
      },
      /^--resume: .*checkpoint-center-loss-0001\.safetensors/,
    ],
    ['a training that leaves the numbers', () => ['--lambda', '1e300', '--epochs', '1', '--out', place('infinite')], /left the numbers in epoch 1.*--lambda/],
  ];

  test.each(cases)('%s is one clear line', async (_, args, message) => {
    const error = await run(place('unused'), '--epochs', '1', ...args()).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  }, 60_000);

  test('a refused run leaves the results of an earlier one alone', async () => {
    const contents = () => readdirSync(half).map((name) => [name, readFileSync(join(half, name)).toString('base64')]);
    const before = contents();
    await expect(run(half, '--resume', '--seed', '3', '--alpha', '0.9')).rejects.toThrow(InputError);
    await expect(run(half, '--data', place('nowhere'))).rejects.toThrow(InputError);
    expect(contents()).toEqual(before);
  });
});

function bits(checkpoint: Checkpoint, kind: 'argParams' | 'auxParams' | 'optimizerArrays'): Map<string, string> {
  return new Map([...checkpoint[kind]].map(([name, { data: elements }]) => [name, Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength).toString('base64')]));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}
