import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { workloads, type Workload } from './optim-workloads.js';
import { Peer } from './peer.js';
import { median } from './statistics.js';

/** What PyTorch runs: one loop over arrays at a time, or all in one call. */
const peerForms = ['foreach', 'fused'] as const;

type Form = (typeof peerForms)[number];

/** Milliseconds of each round by workload; PyTorch's are empty where it is not there or has no such workload. */
interface Timed {
  readonly name: string;
  readonly ours: number[];
  readonly pytorch: { readonly [form in Form]: number[] };
}

/** Times the update of 10 M parameters alone, and a training step with and without its update, beside PyTorch's foreach and fused optimizers. */
export async function benchOptim(options: BenchOptions): Promise<void> {
  await useEngine('onnx', { threads: options.threads });
  const started = await Peer.start(options.python, [fileURLToPath(new URL('../peers/optim_torch.py', import.meta.url)), String(options.threads)]);
  const torch = 'missing' in started ? undefined : started.peer;
  console.log('missing' in started ? `pytorch: left out (${started.missing})` : `pytorch: ${started.name}`);
  const timed: Timed[] = [];
  try {
    for (const group of workloads) timed.push(...(await timeGroup(group, torch, options)));
  } finally {
    torch?.stop();
  }
  print(timed);
  const rows = timed.map(({ name, ours, pytorch }) => ({ name, medianMs: middle(ours), pytorchMs: { foreach: middle(pytorch.foreach), fused: middle(pytorch.fused) } }));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** The workloads of a group take turns, ours and PyTorch's, so that a noisy machine is noisy for all. */
async function timeGroup(group: (typeof workloads)[number], torch: Peer | undefined, { rounds, steps }: BenchOptions): Promise<Timed[]> {
  const made = Object.entries(group).map(([name, make]) => ({
    workload: make(),
    forms: torch && /update|step/.test(name) ? peerForms : [],
    timed: { name, ours: [], pytorch: { foreach: [], fused: [] } } as Timed,
  }));
  for (let round = -1; round < rounds; round++) {
    for (const { workload, forms, timed } of made) {
      // The round before the first warms up.
      const count = round < 0 ? 3 : steps;
      const ours = median(await run(workload, count));
      if (round >= 0) timed.ours.push(ours);
      for (const form of forms) {
        const theirs = median((await torch!.run(`${form} ${timed.name}:${count}`)).times);
        if (round >= 0) timed.pytorch[form].push(theirs);
      }
    }
  }
  return made.map(({ timed }) => timed);
}

function middle(times: readonly number[]): number | null {
  return times.length === 0 ? null : Number(median(times).toFixed(3));
}

async function run(workload: Workload, steps: number): Promise<number[]> {
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await workload();
    times.push(performance.now() - start);
  }
  return times;
}

function print(timed: readonly Timed[]): void {
  const cell = (times: readonly number[]): string => (middle(times)?.toFixed(2) ?? '–').padStart(12);
  console.log(`\n${''.padEnd(24)}        ours     foreach       fused   median ms`);
  for (const { name, ours, pytorch } of timed) console.log(`${name.padEnd(24)}${cell(ours)}${cell(pytorch.foreach)}${cell(pytorch.fused)}`);
  const of = (name: string): Timed => timed.find((each) => each.name === name)!;
  const bare = of('step without update');
  console.log();
  for (const name of ['sgd', 'adamw']) {
    const step = of(`${name} step`);
    const share = (form: Form): string => percent(step.pytorch[form], bare.pytorch[form], (whole, without) => (whole - without) / whole);
    console.log(`${name}: copying takes ${percent(of(`${name} copying`).ours, of(`${name} update`).ours, (copying, update) => copying / update)} of the update alone`);
    const own = percent(step.ours, bare.ours, (whole, without) => (whole - without) / whole);
    console.log(`${name}: the update's share of a training step is ${own}; PyTorch foreach ${share('foreach')}, fused ${share('fused')}`);
  }
  console.log(`metrics: five of them take ${percent(of('five metrics').ours, of('sgd step').ours, (alone, step) => alone / step)} of a training step`);
}

/** A ratio of the least times of all rounds: an update is a small part of a step, and noise, which only adds, would hide it in medians. */
function percent(a: readonly number[], b: readonly number[], ratio: (a: number, b: number) => number): string {
  return a.length === 0 || b.length === 0 ? '–' : `${(100 * ratio(Math.min(...a), Math.min(...b))).toFixed(1)} %`;
}
