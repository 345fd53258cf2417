import { writeFile } from 'node:fs/promises';
import type { BenchOptions } from './main.js';
import { Peer, type Report } from './peer.js';
import { median } from './statistics.js';

/** Something that runs the steps, started as a process of its own. */
export interface Command {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Contender {
  readonly name: string;
  readonly peer: Peer;
  /** Medians of the rounds. */
  readonly rounds: number[];
  last?: Report;
}

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
  const contenders: Contender[] = [];
  for (const { name, command, args } of commands) {
    const started = await Peer.start(command, args);
    if ('missing' in started) console.log(`${name}: left out (${started.missing})`);
    else {
      console.log(`${name}: ${started.name}`);
      contenders.push({ name, peer: started.peer, rounds: [] });
    }
  }
  try {
    for (const { peer } of contenders) await peer.run(10);
    for (let round = 0; round < options.rounds; round++) {
      for (const contender of contenders) {
        contender.last = await contender.peer.run(options.steps);
        contender.rounds.push(median(contender.last.times));
      }
    }
  } finally {
    for (const { peer } of contenders) peer.stop();
  }
  const rows = table(contenders);
  print(title, rows, contenders, options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  return rows;
}

function table(contenders: readonly Contender[]): Row[] {
  const torch = contenders.find(({ name }) => name === 'pytorch');
  const rounded = (value: number): number => Number(value.toFixed(3));
  return contenders.map(({ name, rounds }) => ({
    name,
    medianMs: rounded(median(rounds)),
    minMs: rounded(Math.min(...rounds)),
    maxMs: rounded(Math.max(...rounds)),
    ratioToPyTorch: torch ? rounded(median(rounds.map((time, i) => torch.rounds[i]! / time))) : null,
  }));
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
