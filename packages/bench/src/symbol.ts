import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Symbol } from '@lossworks/graph';
import { chainOfOperators, residualNetwork } from '@lossworks/testing';
import type { BenchOptions } from './main.js';
import { median } from './statistics.js';

export const symbolRows: readonly { readonly name: string; readonly build: () => Symbol; readonly data: readonly number[] }[] = [
  { name: 'a chain of 1,000 operators', build: chainOfOperators, data: [2, 8] },
  { name: 'ResNet-50, batch 8, 3×64×64', build: residualNetwork, data: [8, 3, 64, 64] },
];

/** What it takes to build a symbol, to bind it (every shape inferred, arrays made), and to record forward and backward: all that comes before the engine. */
export async function benchSymbol({ rounds }: Pick<BenchOptions, 'rounds'>): Promise<void> {
  const contender = fileURLToPath(new URL('symbol-contender.js', import.meta.url));
  console.log(`milliseconds in a process just started, median of ${rounds}; a step's recording once more is a fraction of the first\n`);
  console.log(`| ${'symbol'.padEnd(27)} | build | infer and bind | record forward | together | record backward | with it |\n|${'-'.repeat(29)}|------:|---------------:|---------------:|---------:|----------------:|--------:|`);
  for (const [row, { name }] of symbolRows.entries()) {
    const laps: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, [contender, String(row)]);
      laps.push(JSON.parse(stdout) as number[]);
    }
    const of = (...columns: number[]): string => median(laps.map((times) => columns.reduce((sum, column) => sum + times[column]!, 0))).toFixed(0);
    console.log(`| ${name.padEnd(27)} | ${of(0).padStart(5)} | ${of(1).padStart(14)} | ${of(2).padStart(14)} | ${of(0, 1, 2).padStart(8)} | ${of(3).padStart(15)} | ${of(0, 1, 2, 3).padStart(7)} |`);
  }
}
