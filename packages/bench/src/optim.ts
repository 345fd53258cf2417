import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { hasPeer, workloads } from './optim-workloads.js';
import { Peer } from './peer.js';
import { median } from './statistics.js';

/** What PyTorch runs: what it takes on a processor unless told, one array after the other; operation by operation over all arrays; all in one call. */
const peerForms = ['default', 'foreach', 'fused'] as const;

type Form = (typeof peerForms)[number];

/** Milliseconds of each step by workload; PyTorch's are empty where it is not there or has no such workload. */
interface Timed {
  readonly name: string;
  readonly ours: number[];
  readonly pytorch: PerForm;
}

type PerForm = { readonly [form in Form]: number[] };

function perForm<Value>(value: (form: Form) => Value): { [form in Form]: Value } {
  return Object.fromEntries(peerForms.map((form) => [form, value(form)])) as { [form in Form]: Value };
}

/** Times the update of 10 M parameters alone beside PyTorch's foreach and fused optimizers, and metrics beside a training step. */
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
  const rows = timed.map(({ name, ours, pytorch }) => ({ name, medianMs: middle(ours), pytorchMs: perForm((form) => middle(pytorch[form])) }));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** The workloads of a group take turns, ours step by step, so that a noisy machine is noisy for all. */
async function timeGroup(group: (typeof workloads)[number], torch: Peer | undefined, { rounds, steps }: BenchOptions): Promise<Timed[]> {
  const made = Object.entries(group).map(([name, make]) => ({
    workload: make(),
    forms: torch && hasPeer(name) ? peerForms : [],
    timed: { name, ours: [], pytorch: perForm(() => []) } as Timed,
  }));
  for (let round = -1; round < rounds; round++) {
    // The round before the first warms up.
    const [isMeasured, count] = round < 0 ? [false, 3] : [true, steps];
    for (let step = 0; step < count; step++) {
      for (const turn of made.keys()) {
        const { workload, timed } = made[(turn + step) % made.length]!;
        const start = performance.now();
        await workload();
        // The first of a round finds the caches as the others left them.
        if (isMeasured && step > 0) timed.ours.push(performance.now() - start);
      }
    }
    for (const { forms, timed } of made) {
      for (const form of forms) {
        const { times } = await torch!.run(`${form} ${timed.name}:${count}`);
        if (isMeasured) timed.pytorch[form].push(...times.slice(1));
      }
    }
  }
  return made.map(({ timed }) => timed);
}

function middle(times: readonly number[]): number | null {
  return times.length === 0 ? null : Number(median(times).toFixed(3));
}

function print(timed: readonly Timed[]): void {
  const cell = (times: readonly number[]): string => (middle(times)?.toFixed(2) ?? '–').padStart(12);
  console.log(`\n${''.padEnd(32)}        ours     ${peerForms.map((form) => form.padStart(7)).join('     ')}   median ms`);
  for (const { name, ours, pytorch } of timed) console.log(`${name.padEnd(32)}${cell(ours)}${peerForms.map((form) => cell(pytorch[form])).join('')}`);
  const of = (name: string): Timed => timed.find((each) => each.name === name)!;
  console.log();
  for (const name of ['sgd', 'adamw']) console.log(`${name}: copying takes ${asPercent(median(of(`${name} copying`).ours) / median(of(`${name} update`).ours))} of the update`);
  console.log(`metrics: five of them take ${asPercent(median(of('five metrics').ours) / median(of('step').ours))} of a training step`);
}

function asPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
