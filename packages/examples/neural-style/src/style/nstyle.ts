import { createProgress, InputError, OutputFolder, type Terminal } from '@lossworks/example-kit';
import { evaluationCounts, read } from '@lossworks/ndarray';
import { picturePath } from '../image/named-pictures.js';
import { withColoursOf } from '../image/original-colours.js';
import { encodePng, type Picture, readPicture } from '../image/picture.js';
import { chooseEngine } from '../run/engine.js';
import { pictureOf } from '../trunk/pixels.js';
import { loadTrunk, type Trunk } from '../trunk/trunk.js';
import { type NstyleOptions, parseOptions } from './nstyle-options.js';
import { drawContactSheet, drawCurves } from './style-pictures.js';
import { createStyleTransfer, type StyleTransfer } from './style-transfer.js';

/** What a run came to, as `summary.json` holds it. Losses are weighted totals before the first and the last update. */
export interface NstyleSummary {
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly msPerIteration: number;
  readonly peakMegabytes: number;
  /** Runs of the engine in the iterations. */
  readonly engineRuns: number;
  readonly steps: number;
  /** Whether the image had settled before `--steps`. */
  readonly settled: boolean;
  readonly trunk: string;
  readonly seed: number;
  readonly engine: string;
}

/** `nstyle` from its command line. */
export async function nstyle(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, (text) => process.stdout.write(text));
  if (options) await runNstyle(options, process.stdout);
}

/**
 * Optimises the image and writes pictures, curves and summary.
 *
 * @throws InputError for pictures, trunk, layers or weights that do not fit, and where the image leaves the numbers.
 */
export async function runNstyle(options: NstyleOptions, terminal: Terminal & NodeJS.WritableStream): Promise<NstyleSummary> {
  const engine = await chooseEngine(options.engine);
  const folder = new OutputFolder(options.out);
  const content = await readPicture(picturePath(options.content), { option: '--content', size: options.size });
  const style = await readPicture(picturePath(options.style), { option: '--style', size: Math.max(16, Math.round(options.size * options.styleScale)) });
  const trunk = await loadTrunk(options.trunk, options);
  const transfer = await createStyleTransfer({ ...settings(options, trunk), trunk, content, style });
  terminal.write(`${content.width} × ${content.height} pixels through ${transfer.lossNames.join(', ')} of ${options.trunk}; engine ${engine}\n`);

  const result = async (): Promise<Picture> => {
    const painted = pictureOf(await transfer.image.data(), content);
    return options.originalColours ? withColoursOf(painted, content) : painted;
  };
  const { history, saved, milliseconds, engineRuns, settled } = await optimise(transfer, { options, folder, terminal, result });
  const last = await encodePng(await result());
  folder.write('result.png', last);
  drawContactSheet(folder, { content: await encodePng(content), style: await encodePng(style), saved, last, steps: history.length });
  drawCurves(folder, transfer.lossNames, history);
  const summary: NstyleSummary = {
    firstLoss: total(history[0]!),
    lastLoss: total(history.at(-1)!),
    msPerIteration: milliseconds / history.length,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    engineRuns,
    steps: history.length,
    settled,
    trunk: options.trunk,
    seed: options.seed,
    engine,
  };
  folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  terminal.write(`\nThe loss fell ${(summary.firstLoss / summary.lastLoss).toFixed(1)} times in ${summary.steps} iterations of ${Math.round(summary.msPerIteration)} ms.\nIn ${folder.path}:\n${folder.written.map((name) => `  ${name}\n`).join('')}`);
  return summary;
}

interface Optimisation {
  readonly options: NstyleOptions;
  readonly folder: OutputFolder;
  readonly terminal: Terminal & NodeJS.WritableStream;
  result(): Promise<Picture>;
}

async function optimise(transfer: StyleTransfer, { options: { steps, saveEvery, stop }, folder, terminal, result }: Optimisation) {
  const progress = createProgress(terminal);
  const history: number[][] = [];
  const saved: { readonly step: number; readonly png: Buffer }[] = [];
  const runsBefore = evaluationCounts().runs;
  let milliseconds = 0;
  let settled = false;
  progress.start('painting', steps);
  try {
    for (let step = 1; step <= steps && !settled; step++) {
      const start = performance.now();
      await transfer.step();
      // One run: it computes the update along with what is read.
      const [change, ...losses] = (await read([transfer.relativeChange, ...transfer.losses])).map((values) => values[0]!);
      milliseconds += performance.now() - start;
      if (!Number.isFinite(total(losses) + change!)) throw new InputError(`the image left the numbers in iteration ${step}; give a smaller --learning-rate, or smaller weights`);
      history.push(losses);
      settled = change! < stop;
      if (step % saveEvery === 0 && step < steps) {
        const png = await encodePng(await result());
        saved.push({ step, png });
        folder.write(`step-${String(step).padStart(4, '0')}.png`, png);
      }
      progress.update(step, `loss ${total(losses).toPrecision(4)}  change ${(100 * change!).toFixed(2)} %`);
    }
  } catch (error) {
    progress.abandon();
    throw error;
  }
  progress.finish(`${history.length} iterations${settled ? ', settled' : ''}: loss ${total(history[0]!).toPrecision(4)} → ${total(history.at(-1)!).toPrecision(4)}`);
  return { history, saved, milliseconds, settled, engineRuns: evaluationCounts().runs - runsBefore };
}

/** The options, completed by what suits the trunk. */
function settings(options: NstyleOptions, { name, preset }: Trunk) {
  const given = <T>(value: T | undefined, suited: T | undefined, option: string): T => {
    const chosen = value ?? suited;
    if (chosen === undefined) throw new InputError(`${option}: nothing is known about --trunk ${name}; say which`);
    return chosen;
  };
  const layers = { style: given(options.styleLayers, preset?.styleLayers, '--style-layers'), content: given(options.contentLayer, preset?.contentLayer, '--content-layer') };
  const layerWeights = options.styleWeights ?? layers.style.map(() => 1);
  if (layerWeights.length !== layers.style.length) throw new InputError(`--style-weights: ${layerWeights.length} numbers for the ${layers.style.length} style layers ${layers.style.join(', ')}`);
  return {
    layers,
    layerWeights,
    styleWeight: options.styleWeight ?? preset?.styleWeight ?? 1,
    contentWeight: options.contentWeight ?? preset?.contentWeight ?? 10,
    tvWeight: options.tvWeight ?? preset?.tvWeight ?? 0.01,
    learningRate: options.learningRate ?? (options.optimizer === 'nag' ? preset?.learningRate : undefined),
    gram: options.gram,
    optimizer: options.optimizer,
    start: options.start,
    seed: options.seed,
  };
}

function total(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + loss, 0);
}
