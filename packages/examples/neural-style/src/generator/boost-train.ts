import { createProgress, curvesPlot, InputError, OutputFolder, renderPng, type Terminal, theme } from '@lossworks/example-kit';
import { saveMxnetCheckpoint } from '@lossworks/module';
import { type NDArray, RandomGenerator, evaluationCounts, read } from '@lossworks/ndarray';
import { picturePath } from '../image/named-pictures.js';
import { readPicture, resized } from '../image/picture.js';
import { chooseEngine } from '../run/engine.js';
import { targetsOf } from '../style/style-loss.js';
import { loadTrunk } from '../trunk/trunk.js';
import { type BoostTrainOptions, parseBoostTrainOptions } from './boost-train-options.js';
import { type BoostTraining, createBoostTraining } from './boost-training.js';
import { TrainingImages } from './training-images.js';

/** What a training came to, as `summary.json` holds it. Losses are those of the last generator, means over the first and the last tenth of the steps. */
export interface BoostTrainSummary {
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly msPerStep: number;
  readonly peakMegabytes: number;
  readonly engineRuns: number;
  readonly steps: number;
  readonly seed: number;
  readonly engine: string;
}

/** `boost-train` from its command line. */
export async function boostTrain(args: readonly string[]): Promise<void> {
  const options = parseBoostTrainOptions(args, (text) => process.stdout.write(text));
  if (options) await runBoostTrain(options, process.stdout);
}

/** Trains and saves the generator as MXNet's files `generator-symbol.json` and `generator-0000.params`. */
export async function runBoostTrain(options: BoostTrainOptions, terminal: Terminal & NodeJS.WritableStream): Promise<BoostTrainSummary> {
  const { size } = options;
  if (size % 8 !== 0) throw new InputError(`--size: ${size} is not a multiple of 8, by which a generator of kind v3 shrinks images`);
  const engine = await chooseEngine(options.engine);
  const folder = new OutputFolder(options.out);
  // Twice the size: a cut-out shows a part of the picture, in which the style finds room.
  const pictures = await Promise.all(options.content.map((name) => readPicture(picturePath(name), { option: '--content', size: 4 * size })));
  for (const [i, { width, height }] of pictures.entries()) {
    if (Math.min(width, height) < size) throw new InputError(`--content: ${options.content[i]} is ${width} × ${height} at four times --size, too narrow to cut ${size} × ${size} out; give another picture`);
  }
  const style = await resized(await readPicture(picturePath(options.style), { option: '--style', size }), { width: size, height: size });
  const trunk = await loadTrunk(options.trunk, { pooling: 'average' });
  const { preset } = trunk;
  if (!preset) throw new InputError(`--trunk: nothing is known about the layers of ${options.trunk}; use inception-v3, mobilenet-v2 or a VGG-19 with MXNet's names`);
  const layers = { style: preset.styleLayers, content: preset.contentLayer };
  const { grams } = await targetsOf(trunk, layers, style);
  const training = createBoostTraining({
    ...options,
    trunk,
    layers,
    layerWeights: layers.style.map(() => 1),
    styleWeight: options.styleWeight ?? preset.styleWeight,
    contentWeight: options.contentWeight ?? preset.contentWeight,
    tvWeight: options.tvWeight ?? preset.tvWeight,
    gram: 'mxnet',
    styleGrams: grams,
  });
  const images = new TrainingImages(pictures, size, new RandomGenerator(options.seed + 1));

  const { history, milliseconds, engineRuns } = await train(training, () => images.next(), options, terminal);
  await saveGenerator(training, folder.file('generator'));
  drawLosses(folder, history);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const tenth = Math.ceil(history.length / 10);
  const last = history.map((losses) => losses.at(-1)!);
  const summary: BoostTrainSummary = {
    firstLoss: mean(last.slice(0, tenth)), lastLoss: mean(last.slice(-tenth)), msPerStep: milliseconds / history.length,
    peakMegabytes: process.resourceUsage().maxRSS / 1024, engineRuns, steps: history.length, seed: options.seed, engine,
  };
  folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  terminal.write(`\nIn ${folder.path}: generator-symbol.json, generator-0000.params, ${folder.written.join(', ')}\nPaint with it: pnpm example neural-style stylize --generator ${folder.file('generator')} --content FILE\n`);
  return summary;
}

/** Trains; the loss of each generator at each step. */
async function train(training: BoostTraining, image: () => NDArray, { steps }: BoostTrainOptions, terminal: Terminal & NodeJS.WritableStream) {
  const progress = createProgress(terminal);
  const history: number[][] = [];
  const before = evaluationCounts().runs;
  const start = performance.now();
  progress.start('training', steps);
  try {
    for (let step = 1; step <= steps; step++) {
      await training.step(image());
      const losses = (await read(training.critics.map((critic) => critic.losses.reduce((sum, loss) => sum.add(loss))))).map((values) => values[0]!);
      if (losses.some((loss) => !Number.isFinite(loss))) throw new InputError(`the generators left the numbers in step ${step}; give a smaller --learning-rate`);
      history.push(losses);
      progress.update(step, losses.map((loss, k) => `generator ${k + 1}: ${loss.toPrecision(4)}`).join('  '));
    }
  } catch (error) {
    progress.abandon();
    throw error;
  }
  progress.finish(`${steps} steps, losses ${history.at(-1)!.map((loss) => loss.toPrecision(4)).join(', ')}`);
  return { history, milliseconds: performance.now() - start, engineRuns: evaluationCounts().runs - before };
}

async function saveGenerator({ generators, symbol }: BoostTraining, prefix: string): Promise<void> {
  const named = (dictionaries: readonly { readonly [name: string]: NDArray }[]) => Object.fromEntries(dictionaries.flatMap((each) => Object.entries(each)).filter(([name]) => name !== 'data'));
  await saveMxnetCheckpoint(prefix, 0, { symbol, argParams: named(generators.map(({ argDict }) => argDict)), auxParams: named(generators.map(({ auxDict }) => auxDict)) });
}

function drawLosses(folder: OutputFolder, history: readonly (readonly number[])[]): void {
  const colors = [theme.softmaxOnly, theme.centerLoss];
  const curves = history[0]!.map((_, k) => ({ name: `generator ${k + 1}`, color: colors[k % colors.length]!, dashed: false, values: history.map((losses) => losses[k]!) }));
  const digits = (value: number) => value.toExponential(1).replace('e+', 'e');
  const svg = curvesPlot([{ title: 'Loss', curves, logarithmic: true, inverted: false, unit: 'step', tick: digits, last: digits }], { title: 'Generators', subtitle: `${history.length} steps` });
  folder.write('curves.svg', svg);
  folder.write('curves.png', renderPng(svg, { width: 900 }));
}
