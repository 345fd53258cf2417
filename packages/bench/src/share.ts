import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { optimizers } from './lenet-training.js';
import type { BenchOptions } from './main.js';
import { Peer, type Report } from './peer.js';
import { mean, median } from './statistics.js';

/** One line of the table: what is measured, in each process. */
interface Row {
  readonly optimizer: string;
  readonly name: string;
  /** By process, the median share of its steps. */
  readonly shares: number[];
  /** Likewise of milliseconds. */
  readonly milliseconds: number[];
}

/** A process of which a line of requests is asked. */
interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: (optimizer: string) => readonly string[];
  /** What is asked, by the line it goes to: requests that warm up, then one that counts. */
  readonly requests: (optimizer: string) => { readonly [name: string]: readonly (number | string)[] };
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The share of a LeNet training step that its update takes, beside PyTorch's: what a step takes less that has no update. Both sides begin a process anew for each of their
 * turns: how arrays happen to lie in memory is the same for all steps of a process, and moves the share by more than what is looked for.
 */
export async function benchShare(options: BenchOptions): Promise<void> {
  const contenders = contendersOf(options);
  const rows: Row[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const optimizer of chosen(options)) {
      for (const contender of contenders) await measure(contender, optimizer, rows);
    }
  }
  print(rows, options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** So many steps it takes until the JavaScript engine has compiled most of what runs once a step: a part of the first epoch. */
const warmUpSteps = 400;

function contendersOf({ python, steps, threads }: BenchOptions): Contender[] {
  const count = 10 * steps;
  return [
    {
      name: 'lossworks', command: process.execPath, args: (optimizer) => [file('./share-contender.js'), optimizer, String(threads)],
      requests: () => ({ ours: [warmUpSteps, count] }),
    },
    {
      name: 'pytorch', command: python, args: () => [file('../peers/optim_torch.py'), String(threads)],
      requests: (optimizer) => Object.fromEntries(['default', 'fused'].map((form) => [`PyTorch ${form}`, [3, count].map((steps) => `${form} ${optimizer} step:${steps}`)])),
    },
  ];
}

async function measure({ name, command, args, requests }: Contender, optimizer: string, rows: Row[]): Promise<void> {
  const started = await Peer.start(command, args(optimizer));
  if ('missing' in started) {
    console.log(`${name}: left out (${started.missing})`);
    return;
  }
  const rowOf = (wanted: string): Row => {
    let row = rows.find((each) => each.optimizer === optimizer && each.name === wanted);
    if (!row) rows.push((row = { optimizer, name: wanted, shares: [], milliseconds: [] }));
    return row;
  };
  const note = (row: Row, of: (time: number, i: number) => number, { times }: Report): void => {
    // The first of a request finds the caches as another left them.
    row.milliseconds.push(median(times.map(of).slice(1)));
    row.shares.push(median(times.map((time, i) => of(time, i) / time).slice(1)));
  };
  try {
    for (const [line, asked] of Object.entries(requests(optimizer))) {
      let report: Report | undefined;
      for (const request of asked) report = await started.peer.run(request);
      const { without, updates } = report!;
      note(rowOf(line), (time, i) => time - without![i]!, report!);
      if (updates) note(rowOf(`${line}, by the clock`), (_, i) => updates[i]!, report!);
    }
  } finally {
    started.peer.stop();
  }
}

function chosen({ only }: BenchOptions): string[] {
  return Object.keys(optimizers).filter((name) => name.includes(only));
}

function print(rows: readonly Row[], options: BenchOptions): void {
  const { rounds, steps, threads } = options;
  console.log(`\nThe update of a LeNet training step, batch 128, ${threads} threads: what a step takes less without it, mean over ${rounds} processes of ${10 * steps} steps\n`);
  for (const optimizer of chosen(options)) {
    console.log(`${optimizer.padEnd(34)}       share                ms`);
    for (const { name, shares, milliseconds } of rows.filter((row) => row.optimizer === optimizer)) {
      console.log(`  ${name.padEnd(32)}${withError(shares.map((share) => 100 * share), 2)} %  ${withError(milliseconds, 3)}`);
    }
  }
}

/** The mean, and its standard error. */
function withError(values: readonly number[], digits: number): string {
  const middle = mean(values);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
  return `${middle.toFixed(digits).padStart(8)} ± ${(deviation / Math.sqrt(values.length)).toFixed(digits)}`;
}
