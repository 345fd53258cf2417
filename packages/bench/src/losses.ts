import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RunProfile } from '@lossworks/ndarray';
import { workloads } from './loss-workloads.js';
import type { BenchOptions } from './main.js';
import { Peer } from './peer.js';
import { median } from './statistics.js';

/** One loss in the table, as `--json` writes it. */
interface LossRow {
  readonly loss: string;
  readonly medianMs: number;
  readonly pytorchMs: number;
  /** How many times as fast as PyTorch eager in the same round, median. */
  readonly ratio: number;
  readonly value: number;
  readonly pytorchValue: number;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Times forward and backward of every loss beside PyTorch eager: 512 × 1000 scores, or 512 features of 128 dimensions and 1000 classes. The two take turns. */
export async function benchLosses(options: BenchOptions): Promise<void> {
  const ours = await started('lossworks', process.execPath, [file('./loss-contender.js'), 'onnx', String(options.threads)]);
  const rows: LossRow[] = [];
  try {
    const torch = await started('pytorch', options.python, [file('../peers/losses_torch.py'), String(options.threads)]);
    try {
      for (const loss of Object.keys(workloads).filter((name) => name.includes(options.only))) {
        rows.push(await compare(loss, ours, torch, options));
        console.log(line(rows.at(-1)!));
        if (options.profile) console.log(shares(rows.at(-1)!, (await ours.run(`${loss} profile`)).profile!));
      }
    } finally {
      torch.stop();
    }
  } finally {
    ours.stop();
  }
  const geometric = Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length);
  const slower = rows.filter(({ ratio }) => ratio < 1).map(({ loss, ratio }) => `${loss} ${ratio}`);
  console.log(`\ngeometric mean × PyTorch eager: ${geometric.toFixed(2)}; slower: ${slower.join(', ') || 'none'}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

async function started(name: string, command: string, args: readonly string[]): Promise<Peer> {
  const result = await Peer.start(command, args);
  if ('missing' in result) throw new Error(`${name} does not start: ${result.missing}`);
  console.log(`${name}: ${result.name}`);
  return result.peer;
}

/** The least milliseconds of a turn: what is shorter would measure the threads of the one before, which spin for a while. */
const turnMilliseconds = 40;

async function compare(loss: string, ours: Peer, torch: Peer, options: BenchOptions): Promise<LossRow> {
  const { rounds } = options;
  let fastest = Infinity;
  for (const peer of [ours, torch]) fastest = Math.min(fastest, median((await peer.run(`${loss} 10`)).times));
  const steps = Math.max(options.steps, Math.ceil(turnMilliseconds / fastest));
  const times: [number[], number[]] = [[], []];
  const values = [0, 0];
  for (let round = 0; round < rounds; round++) {
    for (const [i, peer] of [ours, torch].entries()) {
      const report = await peer.run(`${loss} ${steps}`);
      times[i]!.push(median(report.times));
      values[i] = report.loss;
    }
  }
  const rounded = (value: number): number => Number(value.toFixed(3));
  const ratios = times[0].map((time, round) => times[1][round]! / time);
  return { loss, medianMs: rounded(median(times[0])), pytorchMs: rounded(median(times[1])), ratio: rounded(median(ratios)), value: values[0]!, pytorchValue: values[1]! };
}

function line({ loss, medianMs, pytorchMs, ratio }: LossRow): string {
  return `${loss.padEnd(28)}${medianMs.toFixed(2).padStart(9)} ms${pytorchMs.toFixed(2).padStart(9)} ms${ratio.toFixed(2).padStart(8)}×`;
}

/** Operators by their time; the rest of a step is recording, look-up, feeding, and copying results out of the engine. */
function shares({ medianMs }: LossRow, { milliseconds, operators }: RunProfile): string {
  const listed = operators.slice(0, 7).map(({ operator, nodes, milliseconds: time }) => `${operator}${nodes > 1 ? ` ×${nodes}` : ''} ${time.toFixed(2)}`);
  return `  inside the engine ${milliseconds.toFixed(2)} ms (${listed.join(', ')}); outside ${(medianMs - milliseconds).toFixed(2)} ms`;
}
