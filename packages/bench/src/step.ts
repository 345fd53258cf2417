import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './main.js';
import { Peer, type Report } from './peer.js';
import { median } from './statistics.js';

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

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Engines and peers, each started as a process of its own. */
function commands({ batch, threads, python }: BenchOptions): { readonly name: string; readonly command: string; readonly args: string[] }[] {
  const sizes = [String(batch), String(threads)];
  return [
    ...['onnx', 'onnx-web'].map((engine) => ({ name: engine, command: process.execPath, args: [file('./contender.js'), engine, ...sizes] })),
    { name: 'pytorch', command: python, args: [file('../peers/step_torch.py'), ...sizes] },
    { name: 'pytorch-compile', command: python, args: [file('../peers/step_torch.py'), ...sizes, 'compile'] },
    { name: 'tfjs-node', command: process.execPath, args: [file('../peers/step-tfjs.mjs'), ...sizes] },
  ];
}

/** Times a whole training step: forward, backward, update of weights and centers, loss read. Contenders take turns, so that a noisy machine is noisy for all. */
export async function benchStep(options: BenchOptions): Promise<void> {
  const contenders: Contender[] = [];
  for (const { name, command, args } of commands(options)) {
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
  print(rows, contenders, options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
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

function print(rows: readonly Row[], contenders: readonly Contender[], { batch, rounds, steps, threads }: BenchOptions): void {
  console.log(`\nTraining step, batch ${batch}, ${threads} threads, ${rounds} alternating rounds of ${steps} steps\n`);
  console.log('                    median ms    min ms    max ms    × PyTorch eager');
  for (const { name, medianMs, minMs, maxMs, ratioToPyTorch } of rows) {
    const cells = [medianMs, minMs, maxMs].map((value) => value.toFixed(1).padStart(10));
    console.log(`${name.padEnd(18)}${cells.join('')}${(ratioToPyTorch === null ? '–' : ratioToPyTorch.toFixed(2)).padStart(14)}`);
  }
  for (const { name, last } of contenders) {
    if (last?.outside !== undefined) console.log(`\n${name}: ${last.outside.toFixed(2)} ms a step outside the engine, ${last.compilations} program(s) compiled`);
  }
}
