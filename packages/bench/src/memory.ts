import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchOptions } from './main.js';

/** How a network is run. */
export interface MemoryRow {
  readonly name: string;
  readonly isTrain: boolean;
  readonly recompute: boolean;
  /** Whether outputs are read between forward and backward, which makes two runs of a step. */
  readonly readsBetween: boolean;
}

export const memoryRows: readonly MemoryRow[] = [
  { name: 'forward only', isTrain: false, recompute: false, readsBetween: false },
  { name: 'forward and backward', isTrain: true, recompute: false, readsBetween: false },
  { name: 'the same, recomputing', isTrain: true, recompute: true, readsBetween: false },
  { name: 'outputs read before backward', isTrain: true, recompute: false, readsBetween: true },
  { name: 'the same, recomputing', isTrain: true, recompute: true, readsBetween: true },
];

/** MXNet's memory table for an Inception-like network on images of 3×112×112: the peak of a process above its baseline. */
export async function benchMemory({ batch, threads }: Pick<BenchOptions, 'batch' | 'threads'>): Promise<void> {
  const contender = fileURLToPath(new URL('memory-contender.js', import.meta.url));
  console.log(`Inception-like network, batch ${batch}, 3×112×112, ${threads} thread(s)\n`);
  console.log(`| ${'what runs'.padEnd(34)} | peak MB | ms a step |\n|${'-'.repeat(36)}|--------:|----------:|`);
  for (const [row, { name }] of memoryRows.entries()) {
    const { stdout } = await promisify(execFile)(process.execPath, [contender, String(row), String(batch), String(threads)]);
    const { megabytes, milliseconds } = JSON.parse(stdout) as { megabytes: number; milliseconds: number };
    console.log(`| ${name.padEnd(34)} | ${megabytes.toFixed(0).padStart(7)} | ${milliseconds.toFixed(0).padStart(9)} |`);
  }
}
