import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './main.js';
import { Peer, type Report } from './peer.js';
import { median } from './statistics.js';

const size = 256;
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface StyleReport extends Report {
  readonly peakMegabytes: number;
}

interface Contender {
  readonly name: string;
  readonly peer: Peer;
  readonly rounds: number[];
  last?: StyleReport;
}

/** An iteration of neural style, its loss read: the network of the example, and the same symbol with the same weights in PyTorch eager. They take turns. */
export async function benchStyle({ rounds, steps, threads, python, json }: BenchOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lossworks-style-'));
  const contenders: Contender[] = [];
  try {
    const commands = [
      // First, because it writes what the other reads.
      { name: 'onnx', command: process.execPath, args: [file('./style-contender.js'), 'onnx', String(size), String(threads), folder] },
      { name: 'pytorch', command: python, args: [file('../peers/style_torch.py'), folder, String(threads)] },
    ];
    for (const { name, command, args } of commands) {
      const started = await Peer.start(command, args);
      if ('missing' in started) console.log(`${name}: left out (${started.missing})`);
      else {
        console.log(`${name}: ${started.name}`);
        contenders.push({ name, peer: started.peer, rounds: [] });
      }
    }
    for (const { name, peer } of contenders) console.log(`${name}: loss ${(await peer.run(3)).loss.toPrecision(4)} in the third iteration`);
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        contender.last = (await contender.peer.run(steps)) as StyleReport;
        contender.rounds.push(median(contender.last.times));
      }
    }
  } finally {
    for (const { peer } of contenders) peer.stop();
    await rm(folder, { recursive: true });
  }
  const torch = contenders.find(({ name }) => name === 'pytorch');
  const rows = contenders.map(({ name, rounds: times, last }) => ({
    name, medianMs: median(times), minMs: Math.min(...times), maxMs: Math.max(...times), peakMegabytes: last!.peakMegabytes,
    ratioToPyTorch: torch ? median(times.map((time, i) => torch.rounds[i]! / time)) : null,
  }));
  console.log(`\nIteration of neural style, a landscape of ${size} pixels, ${threads} threads, ${rounds} alternating rounds of ${steps} iterations\n`);
  console.log('              median ms    min ms    max ms   peak MB    × PyTorch eager');
  for (const { name, medianMs, minMs, maxMs, peakMegabytes, ratioToPyTorch } of rows) {
    const cells = [medianMs, minMs, maxMs].map((value) => value.toFixed(1).padStart(10)).join('');
    console.log(`${name.padEnd(13)}${cells}${peakMegabytes.toFixed(0).padStart(10)}${(ratioToPyTorch?.toFixed(2) ?? '–').padStart(14)}`);
  }
  if (json !== undefined) await writeFile(json, `${JSON.stringify(rows, null, 2)}\n`);
}
