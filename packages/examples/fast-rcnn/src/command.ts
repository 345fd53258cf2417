import { createProgress, InputError, OutputFolder, table } from '@lossworks/example-kit';
import type { ModuleParameters } from '@lossworks/module';
import { currentEngine, useEngine } from '@lossworks/ndarray';
import { deltaStatistics } from './detection/delta-statistics.js';
import { recall } from './detection/overlap.js';
import { nothingSkipped, regionsOf, type Skipped } from './detection/region-record.js';
import { samplingDefaults } from './detection/region-sampling.js';
import { Detector } from './detector.js';
import { bestProposals, detectAll, type Found, type Precisions, precisions } from './evaluation.js';
import { History } from './history.js';
import { type BoxLoss, boxLossNames, boxLossTitles, classes } from './network.js';
import { type Options, parseOptions } from './options.js';
import { drawCurves } from './pictures/curves.js';
import { drawPrecisionRecall } from './pictures/precision-recall.js';
import { drawScenes } from './pictures/scenes.js';
import { loadDigits } from './scenes/digits.js';
import { blindProposals, proposalDefaults } from './scenes/proposals.js';
import { type ProposedScene, sceneSets } from './scenes/scene-set.js';
import { type Summary, summarize } from './summary.js';
import { checkpointFiles, prepareTraining, type TrainingContext } from './training.js';

/** The application, from its command line. */
export async function fastRcnn(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, (text) => process.stdout.write(text));
  if (options) await runTrainings(options, process.stdout);
}

/** One line of the table of ablations. */
export interface AblationRow extends Precisions {
  readonly name: string;
}

/** The trainings, their pictures and their summary. */
export async function runTrainings(options: Options, terminal: NodeJS.WritableStream & { readonly isTTY?: boolean }): Promise<Summary> {
  const engine = await chooseEngine(options.engine);
  const digits = await loadDigits(options.data);
  const folder = new OutputFolder(options.out);
  const history = new History(folder, options);
  const progress = createProgress(terminal);
  const { train, validation, test } = sceneSets(digits, options);
  const skipped = nothingSkipped();
  const images = train.flatMap((scene) => {
    const regions = regionsOf(scene, { classes, skipped });
    return regions ? [{ pixels: scene.pixels, regions }] : [];
  });
  const statistics = deltaStatistics(images.map(({ regions }) => regions), { classes, foreground: samplingDefaults.foreground });
  const { size } = test[0]!;
  const detector = new Detector(size);
  const context: TrainingContext = { options, images, statistics, validation, size, detector, folder, history, progress };
  const losses: readonly BoxLoss[] = options.ablations ? boxLossNames : ['smooth-l1'];
  // All before the first step: what is wrong with a later one shall not come to light minutes later.
  const trainings = await Promise.all(losses.map(async (loss) => [loss, await prepareTraining(loss, context)] as const));

  terminal.write(`${images.length} scenes to train with, ${test.length} to test with, of other digits (MNIST on a canvas, not VOC); engine ${engine}\n${skippedLine(skipped)}`);
  const proposalRecall = { recall50: recallOf(test, 0.5), recall75: recallOf(test, 0.75) };
  terminal.write(`${proposalDefaults.count} proposals a scene; they reach ${percent(proposalRecall.recall50)} of the digits at IoU 0.5, ${percent(proposalRecall.recall75)} at IoU 0.75\n`);
  const trained = new Map<BoxLoss, ModuleParameters>();
  try {
    for (const [loss, training] of trainings) trained.set(loss, await training());
  } finally {
    progress.abandon();
  }

  const { rows, found, raw } = await testAll(detector, trained, test);
  drawScenes(folder, test, found);
  drawPrecisionRecall(folder, test, { found, raw });
  drawCurves(folder, losses.map((loss) => [loss, history.of(loss)]));
  const summary = summarize(rows, { ...proposalRecall, epochs: history.of('smooth-l1'), skipped, seed: options.seed, engine });
  folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  const files = [...folder.written.filter((name) => !name.endsWith('.svg')), ...losses.flatMap((loss) => checkpointFiles(loss, summary.epochs))];
  terminal.write(`\n${report(rows, summary)}\n\nIn ${folder.path} (pictures as SVG too):\n${files.map((name) => `  ${name}`).join('\n')}\n`);
  return summary;
}

/** Everything is measured with the same scenes; `found` and `raw` are what the main training finds with and without its box regression. */
async function testAll(detector: Detector, trained: ReadonlyMap<BoxLoss, ModuleParameters>, test: readonly ProposedScene[]) {
  const row = (name: string, scenes: readonly ProposedScene[], what: Found): AblationRow => ({ name, ...precisions(scenes, what) });
  const outputsOf = async (loss: BoxLoss, scenes: readonly ProposedScene[]) => {
    detector.load(trained.get(loss)!);
    return detector.run(scenes);
  };
  const outputs = await outputsOf('smooth-l1', test);
  const [found, raw] = [detectAll(test, outputs), detectAll(test, outputs, { regression: false })];
  const others: AblationRow[] = [];
  for (const loss of trained.keys()) {
    if (loss !== 'smooth-l1') others.push(row(`box regression with ${boxLossTitles[loss]} instead`, test, detectAll(test, await outputsOf(loss, test))));
  }
  const blind = test.map((scene) => ({ ...scene, proposals: blindProposals(scene) }));
  const blindFound = detectAll(blind, await outputsOf('smooth-l1', blind));
  const rows = [
    row('Fast R-CNN, smooth L1', test, found),
    row('without box regression: raw proposals', test, raw),
    ...others,
    row('raw proposals, chosen and named without a mistake', test, bestProposals(test)),
    row('proposals that know nothing: a grid alone', blind, blindFound),
  ];
  return { rows, found, raw };
}

function report(rows: readonly AblationRow[], { trainSeconds, imagesPerSecond }: Summary): string {
  const head = ['on the test scenes', 'mAP@0.5', '11-point', 'mAP@0.75', 'mAP@0.5:0.95'];
  const cells = rows.map(({ name, mAP50, mAP50ElevenPoint, mAP75, mAP5095 }) => [name, ...[mAP50, mAP50ElevenPoint, mAP75, mAP5095].map((value) => value.toFixed(3))]);
  return `${table(head, cells)}

The training took ${Math.floor(trainSeconds / 60)} min ${Math.round(trainSeconds % 60)} s (${Math.round(imagesPerSecond)} images/s).`;
}

function skippedLine(skipped: Skipped): string {
  const words: { readonly [K in keyof Skipped]: string } = {
    truths: 'true boxes that are no boxes in the image', proposals: 'proposals that are none', imagesWithoutTruths: 'scenes without a digit', imagesWithoutRegions: 'scenes without background',
  };
  const parts = (Object.keys(words) as (keyof Skipped)[]).flatMap((kind) => (skipped[kind] > 0 ? [`${skipped[kind]} ${words[kind]}`] : []));
  return parts.length > 0 ? `left out: ${parts.join(', ')}
` : '';
}

function recallOf(scenes: readonly ProposedScene[], least: number): number {
  return recall(scenes.map(({ truths }) => truths), scenes.map(({ proposals }) => proposals), least);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

async function chooseEngine(name: string | undefined): Promise<string> {
  try {
    return (await (name === undefined ? currentEngine() : useEngine(name))).name;
  } catch (error) {
    throw new InputError(`${name === undefined ? 'LOSSWORKS_ENGINE' : '--engine'}: ${(error as Error).message}`);
  }
}
