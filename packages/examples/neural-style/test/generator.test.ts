import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@lossworks/example-kit';
import { bind, group, square, sum, variable } from '@lossworks/graph';
import { evaluationCounts, type NDArray, read, waitAll, zeros } from '@lossworks/ndarray';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseBoostTrainOptions } from '../src/generator/boost-train-options.js';
import { runBoostTrain } from '../src/generator/boost-train.js';
import { type BoostTraining, type BoostTrainingOptions, createBoostTraining } from '../src/generator/boost-training.js';
import { runStylize } from '../src/generator/stylize.js';
import { encodePng, readPicture, type Picture } from '../src/image/picture.js';
import { gramScales } from '../src/style/gram.js';
import { styleContent, targetsOf } from '../src/style/style-loss.js';
import { imageOf, pictureOf } from '../src/trunk/pixels.js';
import { loadTrunk, type Trunk } from '../src/trunk/trunk.js';
import { drawnPicture } from './pictures.js';
import { saveSmallVgg } from './small-vgg.js';
import { TextStream } from './text-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'lossworks-generator-'));
const place = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const size = 32;
const layers = { style: ['relu1_1', 'relu3_1'], content: 'relu4_2' };
let trunk: Trunk;
let styleGrams: readonly NDArray[];
beforeAll(async () => {
  trunk = await loadTrunk(await saveSmallVgg(place('vgg')), { pooling: 'average' });
  styleGrams = (await targetsOf(trunk, layers, drawnPicture(size, size, 2))).grams;
  writeFileSync(place('picture.png'), await encodePng(drawnPicture(128, 128)));
});

const content = () => imageOf(drawnPicture(size, size));
const trainingOf = (options: Partial<BoostTrainingOptions> = {}): BoostTraining =>
  createBoostTraining({
    trunk, layers, layerWeights: [1, 2], styleWeight: 3, contentWeight: 10, tvWeight: 0.02, gram: 'mxnet', generators: ['v4', 'v3'], width: 0.1, size, styleGrams,
    carry: 'straight-through', learningRate: 1e-4, clip: Infinity, seed: 1, ...options,
  });

const gradients = async (training: BoostTraining): Promise<Map<string, Float32Array>> => {
  const arrays = training.generators.flatMap(({ gradDict }) => Object.entries(gradDict).flatMap(([name, array]) => (array && name !== 'data' ? [[name, array] as const] : [])));
  const numbers = await read(arrays.map(([, array]) => array));
  return new Map(arrays.map(([name], i) => [name, numbers[i] as Float32Array]));
};

const far = (a: Float32Array, b: Float32Array): number => {
  const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((total, value) => total + value * value, 0));
  return norm(a.map((value, i) => value - b[i]!)) / Math.max(norm(b), 1e-12);
};

/** The gradients of ½ Σ weight·difference² of every generator's image, as one joined symbol gives them. */
async function joinedGradients(training: BoostTraining): Promise<Map<string, Float32Array>> {
  const image = content();
  const { content: target } = await targetsOf(trunk, layers, drawnPicture(size, size));
  const features = styleContent(trunk, layers, [size, size]);
  const weights = [3, 6].map((weight, i) => weight / gramScales.mxnet(features.shapes[i]!)).concat(10);
  let stage = variable('data');
  const losses = training.generators.map(({ symbol }) => {
    stage = symbol.compose({ data: stage });
    const judged = features.symbol.compose({ data: stage });
    return weights.map((weight, i) => sum({ data: square({ data: judged.get(i).sub(variable(`target_${i}`)) }) }).mul(weight / 2)).reduce((all, one) => all.add(one));
  });
  const joined = group(losses);
  const known: { [name: string]: NDArray } = Object.assign({ data: image, target_0: styleGrams[0]!, target_1: styleGrams[1]!, target_2: target }, features.args, ...training.generators.map(({ argDict }) => ({ ...argDict, data: image })));
  // One variable may be used by both critics.
  const names = joined.listArguments();
  const wanted = new Set(training.generators.flatMap(({ gradDict }) => Object.keys(gradDict).filter((name) => gradDict[name] && name !== 'data')));
  const executor = bind(joined, {
    args: names.map((name) => known[name]!),
    gradients: names.map((name) => (wanted.has(name) ? zeros(known[name]!.shape) : null)),
    auxiliaryStates: Object.assign({}, ...training.generators.map(({ auxDict }) => auxDict)),
  });
  await executor.forward({ isTrain: true });
  await executor.backward(losses.map((_, i) => zeros(executor.outputs[i]!.shape).add(1)), { commit: false });
  const arrays = names.flatMap((name, i) => (wanted.has(name) ? [[name, executor.gradArrays[i]!] as const] : []));
  const numbers = await read(arrays.map(([, array]) => array));
  return new Map(arrays.map(([name], i) => [name, numbers[i] as Float32Array]));
}

describe('what is handed back', { timeout: 60_000 }, () => {
  test("with the chain rule is the gradient of one joined symbol; MXNet's straight-through sum is another for all but the last generator", async () => {
    const chain = trainingOf({ carry: 'chain-rule', tvWeight: 0 });
    await chain.differentiate(content());
    const found = await gradients(chain);
    const expected = await joinedGradients(chain);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    const whole = (part: Map<string, Float32Array>, prefix: string) => Float32Array.from([...part].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, values]) => [...values]));
    for (const prefix of ['g0_', 'g1_']) expect(far(whole(found, prefix), whole(expected, prefix)), prefix).toBeLessThan(2e-3);
    const straight = trainingOf({ carry: 'straight-through', tvWeight: 0 });
    await straight.differentiate(content());
    const other = await gradients(straight);
    expect(far(whole(other, 'g1_'), whole(expected, 'g1_'))).toBeLessThan(2e-3);
    expect(far(whole(other, 'g0_'), whole(expected, 'g0_'))).toBeGreaterThan(0.05);
  });

  test('a training step of all executors is one run of one program', async () => {
    const training = trainingOf();
    const before = evaluationCounts();
    for (let i = 0; i < 3; i++) await training.step(content());
    await waitAll();
    const after = evaluationCounts();
    expect(after.runs - before.runs).toBe(3);
    expect(after.compilations - before.compilations).toBe(1);
  });

  test('the last image comes nearer to style and content', async () => {
    const training = trainingOf({ generators: ['v4', 'v4'], clip: 0.05, learningRate: 1e-3 });
    const losses: number[] = [];
    for (let i = 0; i < 25; i++) {
      await training.step(content());
      losses.push((await read(training.critics.at(-1)!.losses)).reduce((total, values) => total + values[0]!, 0));
    }
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
  });
});

describe('from the command line', { timeout: 60_000 }, () => {
  const train = (...args: string[]) =>
    runBoostTrain(parseBoostTrainOptions(['--content', place('picture.png'), '--style', place('picture.png'), '--trunk', place('vgg'), '--size', '32', '--width', '0.1', '--steps', '3', '--out', place('out'), ...args], () => {})!, new TextStream());

  test('a trained generator is saved, paints a picture, and is the same in an ordinary ONNX runtime', async () => {
    const summary = await train();
    expect(summary).toMatchObject({ steps: 3, engineRuns: 3, seed: 1 });
    expect(JSON.parse(readFileSync(join(place('out'), 'summary.json'), 'utf8'))).toEqual(summary);
    await runStylize({ generator: join(place('out'), 'generator'), content: place('picture.png'), size: 48, onnx: true, engine: undefined, out: place('out') }, new TextStream());
    const painted = await readPicture(join(place('out'), 'stylized.png'), { option: '', size: 48 });
    const original = await readPicture(place('picture.png'), { option: '', size: 48 });
    const session = await InferenceSession.create(join(place('out'), 'generator.onnx'));
    const image = (await imageOf(original).data()) as Float32Array;
    const [output] = Object.values(await session.run({ data: new Tensor('float32', image, [1, 3, 48, 48]) }));
    const expected: Picture = pictureOf(output!.data as Float32Array, original);
    // As PNG a picture has whole numbers from 0 to 255.
    painted.data.forEach((value, i) => expect(Math.abs(value - Math.min(255, Math.max(0, expected.data[i]!)))).toBeLessThanOrEqual(0.51));
    expect(painted.data).not.toEqual(original.data);
  });

  test.each([
    [['--size', '30'], /^--size: 30 is not a multiple of 8/],
    [['--generators', 'v4,v5'], /^--generators: 'v5' is not v4 or v3$/],
    [['--learning-rate', '1e30', '--steps', '8'], /^the generators left the numbers in step \d/],
  ])('%j is one clear line', async (args, message) => {
    const error = await Promise.resolve().then(() => train(...args)).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test('a missing generator is one clear line', async () => {
    await expect(runStylize({ generator: place('none'), content: place('picture.png'), size: 48, onnx: false, engine: undefined, out: place('out') }, new TextStream())).rejects.toThrow(/^--generator: .*none-symbol\.json/);
  });
});
