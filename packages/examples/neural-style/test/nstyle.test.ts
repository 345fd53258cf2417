import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError, pngSize } from '@lossworks/example-kit';
import { bind, exportOnnx } from '@lossworks/graph';
import { read } from '@lossworks/ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng, readPicture } from '../src/image/picture.js';
import { withColoursOf } from '../src/image/original-colours.js';
import { parseOptions } from '../src/style/nstyle-options.js';
import { type NstyleSummary, runNstyle } from '../src/style/nstyle.js';
import { imageOf } from '../src/trunk/pixels.js';
import { loadTrunk, trunkFeatures } from '../src/trunk/trunk.js';
import { drawnPicture } from './pictures.js';
import { saveSmallVgg, smallVgg, smallVggParameters } from './small-vgg.js';
import { TextStream } from './text-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'lossworks-nstyle-'));
const place = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (...args: string[]): Promise<{ summary: NstyleSummary; text: string }> => {
  const terminal = new TextStream();
  const options = parseOptions(['--content', place('content.png'), '--style', place('style.png'), '--trunk', place('vgg'), '--size', '48', '--start', 'noise', '--steps', '6', '--stop', '0', '--save-every', '2', '--out', place('out'), ...args], () => {})!;
  return { summary: await runNstyle(options, terminal), text: terminal.text };
};

beforeAll(async () => {
  await saveSmallVgg(place('vgg'));
  writeFileSync(place('content.png'), await encodePng(drawnPicture(60, 40)));
  writeFileSync(place('style.png'), await encodePng(drawnPicture(40, 50, 2)));
});

describe('a run', { timeout: 30_000 }, () => {
  let result: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    result = await run('--out', place('first'));
  });

  test('writes pictures on its way, the result, a contact sheet, curves and a summary', () => {
    for (const name of ['step-0002', 'step-0004', 'result']) expect(pngSize(readFileSync(join(place('first'), `${name}.png`)))).toEqual({ width: 48, height: 32 });
    expect(pngSize(readFileSync(join(place('first'), 'contact-sheet.png'))).width).toBeGreaterThan(500);
    expect(readFileSync(join(place('first'), 'curves.svg'), 'utf8')).toMatch(/relu5_1[^]*relu4_2 \(content\)/);
    const summary = JSON.parse(readFileSync(join(place('first'), 'summary.json'), 'utf8'));
    expect(summary).toEqual(result.summary);
    expect(summary).toMatchObject({ steps: 6, engineRuns: 6, settled: false, seed: 1 });
    expect(summary.lastLoss).toBeLessThan(summary.firstLoss);
    for (const key of ['msPerIteration', 'peakMegabytes']) expect(summary[key]).toBeGreaterThan(0);
    expect(result.text).toMatch(/The loss fell \d/);
  });

  test('again with the same seed gives the same pictures, bit for bit; another seed others', async () => {
    await run('--out', place('again'));
    const bytes = (out: string) => readFileSync(join(place(out), 'result.png')).toString('base64');
    expect(bytes('again')).toBe(bytes('first'));
    await run('--out', place('other'), '--seed', '2', '--steps', '2');
    expect(readFileSync(join(place('other'), 'result.png')).toString('base64')).not.toBe(readFileSync(join(place('first'), 'step-0002.png')).toString('base64'));
  });

  test('ends where the image has settled', async () => {
    const { summary } = await run('--stop', '1e9');
    expect(summary).toMatchObject({ steps: 1, settled: true });
  });

  test('original colours are those of the content, with the painted brightness', () => {
    const [painted, content] = [drawnPicture(8, 8, 2), drawnPicture(8, 8)];
    const mixed = withColoursOf(painted, content);
    const luma = (data: Float32Array, i: number) => 0.299 * data[i]! + 0.587 * data[64 + i]! + 0.114 * data[128 + i]!;
    for (let i = 0; i < 64; i++) {
      expect(luma(mixed.data, i)).toBeCloseTo(luma(painted.data, i), 2);
      expect(mixed.data[i]! - luma(mixed.data, i)).toBeCloseTo(content.data[i]! - luma(content.data, i), 2);
    }
  });
});

test('a network from an ONNX file has the features of the same network from MXNet files', async () => {
  const [args, data] = [smallVggParameters(), drawnPicture(32, 32)];
  writeFileSync(place('vgg.onnx'), await exportOnnx(smallVgg(), { shapes: { data: [1, 3, 32, 32] }, args }));
  const [fromOnnx, fromMxnet] = await Promise.all([place('vgg.onnx'), place('vgg')].map((name) => loadTrunk(name, { pooling: 'as-trained' })));
  const last = fromOnnx!.network([32, 32]).symbol.nodes().at(-1)!.name;
  const features = [trunkFeatures(fromOnnx!, [{ layer: last, option: '' }], [32, 32]), trunkFeatures(fromMxnet!, [{ layer: 'relu5_1', option: '' }], [32, 32])];
  const [one, other] = await read(
    await Promise.all(features.map(async ({ symbol, args: numbers, auxiliaryStates }) => (await bind(symbol, { args: { ...numbers, data: imageOf(data) }, auxiliaryStates, gradReq: 'null' }).forward())[0]!)),
  );
  expect(one!.some((value) => value > 0.1)).toBe(true);
  one!.forEach((value, i) => expect(value).toBeCloseTo(other![i]!, 4));
});

describe('bad input is one clear line', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    writeFileSync(place('no-image.jpg'), 'a letter');
    const png = readFileSync(place('content.png'));
    writeFileSync(place('torn.png'), png);
    truncateSync(place('torn.png'), Math.floor(png.length / 2));
    // A header that claims 100000 × 100000 pixels, with its checksum.
    const header = Buffer.from(png.subarray(0, 33));
    header.writeUInt32BE(100_000, 16);
    header.writeUInt32BE(100_000, 20);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    writeFileSync(place('huge.png'), Buffer.concat([header, png.subarray(33)]));
    await saveSmallVgg(place('unfit'));
    const json = readFileSync(`${place('vgg')}-symbol.json`, 'utf8');
    writeFileSync(`${place('unfit')}-symbol.json`, json.replaceAll('"num_filter": "6"', '"num_filter": "7"'));
    await saveSmallVgg(place('lacking'));
    writeFileSync(`${place('lacking')}-symbol.json`, json.replaceAll('conv5_1', 'conv5_9'));
    await saveSmallVgg(place('damaged'));
    truncateSync(`${place('damaged')}-0000.params`, 200);
    cpSync(`${place('vgg')}-symbol.json`, place('not.onnx'));
  });

  const cases: readonly (readonly [what: string, args: () => string[], message: RegExp])[] = [
    ['a file that is no image', () => ['--content', place('no-image.jpg')], /^--content: .*no-image\.jpg cannot be read as an image/],
    ['an image that is cut off', () => ['--style', place('torn.png')], /^--style: .*torn\.png cannot be read as an image/],
    ['a missing image', () => ['--style', place('nowhere.png')], /^--style: cannot read .*nowhere\.png \(ENOENT\)/],
    ['an image that claims 10 gigapixels', () => ['--content', place('huge.png')], /^--content: .*huge\.png has 100000 × 100000 pixels, more than the 64 million/],
    ['an unknown layer', () => ['--style-layers', 'relu1_1,relu9_9'], /^--style-layers: --trunk .* has no layer relu9_9; its layers are conv1_1, relu1_1, pool1, /],
    ['an unknown content layer', () => ['--content-layer', 'conv9'], /^--content-layer: .*no layer conv9; its layers are/],
    ['weights that do not fit the network', () => ['--trunk', place('unfit')], /^--trunk .*unfit: its weights.*do not fit the network: .*conv2_1/],
    ['weights of another network', () => ['--trunk', place('lacking')], /^--trunk .*lacking: its weights lack conv5_9_weight, conv5_9_bias/],
    ['damaged weights', () => ['--trunk', place('damaged')], /^--trunk: .*damaged-0000\.params/],
    ['a trunk that is not there', () => ['--trunk', place('vgg19')], /^--trunk: there is no .*vgg19-symbol\.json; give inception-v3, mobilenet-v2, an \.onnx file/],
    ['a file that is no ONNX model', () => ['--trunk', place('not.onnx')], /^--trunk .*not\.onnx: .*no ONNX model/],
    ['images too small for the network', () => ['--trunk', 'mobilenet-v2', '--size', '16'], /^--size: images of \d+ × \d+ pixels are too small for --trunk mobilenet-v2/],
    ['weights for another number of layers', () => ['--style-weights', '1,2'], /^--style-weights: 2 numbers for the 5 style layers relu1_1/],
    ['a weight that is no number', () => ['--style-weights', '1,x,1,1,1'], /^--style-weights: 'x' is not a number of at least 0$/],
    ['an unknown Gram scale', () => ['--gram', 'own'], /^--gram: 'own' is not mxnet or gatys or johnson$/],
    ['an unknown engine', () => ['--engine', 'abacus'], /^--engine: .*'abacus'.*onnx/],
    ['an image that leaves the numbers', () => ['--learning-rate', '1e30'], /^the image left the numbers in iteration \d; give a smaller --learning-rate/],
  ];

  test.each(cases)('%s', async (_, args, message) => {
    const error = await run(...args()).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });
});

test('grey and transparent pictures are read as colours', async () => {
  const { default: sharp } = await import('sharp');
  await sharp({ create: { width: 20, height: 10, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).png().toFile(place('clear.png'));
  const clear = await readPicture(place('clear.png'), { option: '--content', size: 20 });
  expect([...new Set(clear.data)]).toEqual([255]);
  await sharp(Buffer.alloc(200, 77), { raw: { width: 20, height: 10, channels: 1 } }).toColourspace('b-w').png().toFile(place('grey.png'));
  const grey = await readPicture(place('grey.png'), { option: '--content', size: 20 });
  expect([...new Set(grey.data)]).toEqual([77]);
});
