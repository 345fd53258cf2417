import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ratioToPyTorch, takeTurns } from './contenders.js';
import type { BenchOptions } from './main.js';
import type { Report } from './peer.js';
import { median } from './statistics.js';

const size = 256;
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface StyleReport extends Report {
  readonly peakMegabytes: number;
}

/** An iteration of neural style, its loss read: the network of the example, and the same symbol with the same weights in PyTorch eager. They take turns. */
export async function benchStyle(options: BenchOptions): Promise<void> {
  const { rounds, steps, threads, python, json } = options;
  const folder = await mkdtemp(join(tmpdir(), 'lossworks-style-'));
  const contenders = await takeTurns<StyleReport>([
    // First, because it writes what the other reads.
    { name: 'onnx', command: process.execPath, args: [file('./style-contender.js'), 'onnx', String(size), String(threads), folder] },
    { name: 'pytorch', command: python, args: [file('../peers/style_torch.py'), folder, String(threads)] },
  ], options, async ({ name, peer }) => console.log(`${name}: loss ${(await peer.run(3)).loss.toPrecision(4)} in the third iteration`)).finally(() => rm(folder, { recursive: true }));
  const rows = contenders.map((contender) => {
    const { name, rounds: times, last } = contender;
    return { name, medianMs: median(times), minMs: Math.min(...times), maxMs: Math.max(...times), peakMegabytes: last!.peakMegabytes, ratioToPyTorch: ratioToPyTorch(contender, contenders) };
  });
  console.log(`\nIteration of neural style, a landscape of ${size} pixels, ${threads} threads, ${rounds} alternating rounds of ${steps} iterations\n`);
  console.log('              median ms    min ms    max ms   peak MB    × PyTorch eager');
  for (const { name, medianMs, minMs, maxMs, peakMegabytes, ratioToPyTorch: ratio } of rows) {
    const cells = [medianMs, minMs, maxMs].map((value) => value.toFixed(1).padStart(10)).join('');
    console.log(`${name.padEnd(13)}${cells}${peakMegabytes.toFixed(0).padStart(10)}${(ratio?.toFixed(2) ?? '–').padStart(14)}`);
  }
  if (json !== undefined) await writeFile(json, `${JSON.stringify(rows, null, 2)}\n`);
}
