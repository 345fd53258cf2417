import { writeFile } from 'node:fs/promises';
import { ratioToPyTorch, takeTurns, type Command, type Contender } from './contenders.js';
import type { BenchOptions } from './main.js';
import { median } from './statistics.js';

/** One line of the table, as `--json` writes it. */
export interface Row {
  readonly name: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** How many times as fast as PyTorch eager in the same round, median; null without PyTorch. */
  readonly ratioToPyTorch: number | null;
}

/** Times steps of those contenders that start, and prints a table. They take turns, so that a noisy machine is noisy for all. */
export async function contest(title: string, commands: readonly Command[], options: BenchOptions): Promise<readonly Row[]> {
  const contenders = await takeTurns(commands, options, async ({ peer }) => {
    await peer.run(10);
  });
  const rows = table(contenders);
  print(title, rows, contenders, options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  return rows;
}

function table(contenders: readonly Contender[]): Row[] {
  const rounded = (value: number): number => Number(value.toFixed(3));
  return contenders.map((contender) => {
    const { name, rounds } = contender;
    const ratio = ratioToPyTorch(contender, contenders);
    return { name, medianMs: rounded(median(rounds)), minMs: rounded(Math.min(...rounds)), maxMs: rounded(Math.max(...rounds)), ratioToPyTorch: ratio && rounded(ratio) };
  });
}

function print(title: string, rows: readonly Row[], contenders: readonly Contender[], { rounds, steps, threads }: BenchOptions): void {
  console.log(`\n${title}, ${threads} threads, ${rounds} alternating rounds of ${steps} steps\n`);
  console.log('                    median ms    min ms    max ms    × PyTorch eager');
  for (const { name, medianMs, minMs, maxMs, ratioToPyTorch } of rows) {
    const cells = [medianMs, minMs, maxMs].map((value) => value.toFixed(1).padStart(10));
    console.log(`${name.padEnd(18)}${cells.join('')}${(ratioToPyTorch === null ? '–' : ratioToPyTorch.toFixed(2)).padStart(14)}`);
  }
  for (const { name, last } of contenders) {
    if (last?.outside !== undefined) console.log(`\n${name}: ${last.outside.toFixed(2)} ms a step outside the engine, ${last.compilations} program(s) compiled`);
  }
}
