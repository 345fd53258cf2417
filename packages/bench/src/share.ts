import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from './contenders.js';
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

/** A process that is begun anew for each round. */
interface Side extends Command {
  readonly optimizer: string;
  /** What is asked, by the name of the row that it is for: what warms up, then what counts. */
  readonly requests: { readonly [row: string]: readonly [warmUp: number | string, counting: number | string] };
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The share of a LeNet training step that its update takes, beside PyTorch's: what a step takes less that has no update. Both sides begin a process anew for each of their
 * turns: how arrays happen to lie in memory is the same for all steps of a process, and moves the share by more than what is looked for.
 */
export async function benchShare(options: BenchOptions): Promise<void> {
  const rows: Row[] = [];
  let sides = chosen(options).flatMap((optimizer) => sidesOf(optimizer, options));
  for (let round = 0; round < options.rounds; round++) {
    const present: Side[] = [];
    for (const side of sides) if (await measure(side, rows)) present.push(side);
    sides = present;
  }
  print(rows, options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** So many steps it takes until the JavaScript engine has compiled most of what runs once a step: a part of the first epoch. */
const warmUpSteps = 400;

function sidesOf(optimizer: string, { python, steps, threads }: BenchOptions): Side[] {
  const count = 10 * steps;
  const requests = (form: string) => [`${form} ${optimizer} step:3`, `${form} ${optimizer} step:${count}`] as const;
  return [
    { name: 'lossworks', optimizer, command: process.execPath, args: [file('./share-contender.js'), optimizer, String(threads)], requests: { ours: [warmUpSteps, count] } },
    {
      name: 'pytorch', optimizer, command: python, args: [file('../peers/optim_torch.py'), String(threads)],
      requests: { 'PyTorch default': requests('default'), 'PyTorch fused': requests('fused') },
    },
  ];
}

/** Notes one process in the rows; false where it does not start. */
async function measure({ name, optimizer, command, args, requests }: Side, rows: Row[]): Promise<boolean> {
  const started = await Peer.start(command, args);
  if ('missing' in started) {
    console.log(`${name}: left out (${started.missing})`);
    return false;
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
    for (const [row, [warmUp, counting]] of Object.entries(requests)) {
      await started.peer.run(warmUp);
      const report = await started.peer.run(counting);
      const { without, updates } = report;
      note(rowOf(row), (time, i) => time - without![i]!, report);
      if (updates) note(rowOf(`${row}, by the clock`), (_, i) => updates[i]!, report);
    }
    return true;
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
