import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './main.js';

const packages = ['@lossworks/ndarray', '@lossworks/graph', '@lossworks/losses', '@lossworks/metrics', '@lossworks/optim'];

/** What a first `import` costs, a process each; no engine is loaded. The files are in the system's cache after the first round, which is dropped. */
export async function benchImport({ rounds }: BenchOptions): Promise<void> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const times = packages.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    packages.forEach((name, i) => {
      const program = `const begin = performance.now(); await import('${name}'); console.log(performance.now() - begin)`;
      const milliseconds = Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' }));
      if (round > 0) times[i]!.push(milliseconds);
    });
  }
  packages.forEach((name, i) => {
    const sorted = times[i]!.sort((a, b) => a - b);
    console.log(`${name.padEnd(20)} ${sorted[sorted.length >> 1]!.toFixed(0)} ms (${sorted[0]!.toFixed(0)} – ${sorted.at(-1)!.toFixed(0)})`);
  });
}
