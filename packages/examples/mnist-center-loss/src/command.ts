import { createProgress, InputError, OutputFolder, table } from '@lossworks/example-kit';
import { checkpointPath } from '@lossworks/module';
import { currentEngine, useEngine } from '@lossworks/ndarray';
import { loadDigits } from './digits.js';
import { History, runNames, runTitles } from './history.js';
import { centerLossNetwork, softmaxNetwork } from './network.js';
import { type Options, parseOptions } from './options.js';
import { drawComparison, drawCurves, type EmbeddingOfRun, percent } from './pictures.js';
import { type Summary, summarize } from './summary.js';
import { prepareTraining } from './training.js';

/** The application, from its command line. */
export async function mnistCenterLoss(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, (text) => process.stdout.write(text));
  if (options) await runTrainings(options, process.stdout);
}

/** Both trainings, their pictures and their summary. */
export async function runTrainings(options: Options, terminal: NodeJS.WritableStream & { readonly isTTY?: boolean }): Promise<Summary> {
  const engine = await chooseEngine(options.engine);
  const digits = await loadDigits(options);
  const count = digits.train.labels.data.length;
  if (options.batchSize > count) throw new InputError(`--batch-size: ${options.batchSize} is more than the ${count} digits there are to train with`);
  const folder = new OutputFolder(options.out);
  const history = new History(folder, options);
  const progress = createProgress(terminal);
  const context = { options, digits, folder, history, progress };
  // Both before the first step: what is wrong with the second shall not come to light minutes later.
  const softmaxOnly = await prepareTraining('softmax-only', softmaxNetwork(), context);
  const withCenterLoss = await prepareTraining('center-loss', centerLossNetwork({ lambda: options.lambda, alpha: options.alpha, kind: options.loss }), context);

  terminal.write(`${count} digits to train with, ${digits.test.labels.data.length} to test with; engine ${engine}\n`);
  let embeddings: EmbeddingOfRun;
  try {
    embeddings = { 'softmax-only': await softmaxOnly(), 'center-loss': await withCenterLoss() };
  } finally {
    progress.abandon();
  }
  drawComparison(folder, history.epochs, embeddings, options.lambda);
  drawCurves(folder, history.epochs);
  const summary = summarize(history.epochs, { seed: options.seed, engine });
  folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  terminal.write(`\n${report(summary, history)}\n\n${fileList(folder, summary.epochs)}\n`);
  return summary;
}

async function chooseEngine(name: string | undefined): Promise<string> {
  try {
    return (await (name === undefined ? currentEngine() : useEngine(name))).name;
  } catch (error) {
    throw new InputError(`${name === undefined ? 'LOSSWORKS_ENGINE' : '--engine'}: ${(error as Error).message}`);
  }
}

function report({ spread, spreadSoftmaxOnly, trainSeconds, samplesPerSecond, epochs }: Summary, history: History): string {
  const rows = runNames.map((name) => {
    const last = history.epochs[name].at(-1)!;
    return [runTitles[name], percent(last.test.accuracy), last.spread.toFixed(4)];
  });
  const minutes = `${Math.floor(trainSeconds / 60)} min ${Math.round(trainSeconds % 60)} s`;
  return [
    table([`after ${epochs} epoch${epochs === 1 ? '' : 's'}`, 'test accuracy', 'spread within / between classes'], rows),
    '',
    `With center loss the classes are ${(spreadSoftmaxOnly / spread).toFixed(1)} times tighter. Both trainings took ${minutes} (${Math.round(samplesPerSecond)} samples/s).`,
  ].join('\n');
}

/** Pictures of single epochs by their first and last; everything else by its name. */
function fileList(folder: OutputFolder, epochs: number): string {
  const groups = new Map<string, string[]>();
  for (const name of folder.written.filter((file) => !file.endsWith('.svg') && file !== 'history.json')) {
    const key = name.replace(/-epoch-\d+/, '-epoch-…');
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const lines = [...groups.values()].map((names) => (names.length > 1 ? `${names[0]} … ${names.at(-1)}` : names[0]!));
  return [`In ${folder.path} (pictures as SVG too):`, ...lines.map((line) => `  ${line}`), ...runNames.map((name) => `  ${checkpointPath(`checkpoint-${name}`, epochs)}`)].join('\n');
}
