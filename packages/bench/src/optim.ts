import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { groupSizes, hasPeer, together, workloads } from './optim-workloads.js';
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
  /** The share of each step that `optimizer.step()` took, by the clock, and by what a step beside it takes less that has no update. */
  readonly clocked: PerForm;
  readonly subtracted: PerForm;
}

type PerForm = { readonly [form in Form]: number[] };

function perForm<Value>(value: (form: Form) => Value): { [form in Form]: Value } {
  return Object.fromEntries(peerForms.map((form) => [form, value(form)])) as { [form in Form]: Value };
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
  const rows = timed.map(({ name, ours, pytorch }) => ({ name, medianMs: middle(ours), pytorchMs: perForm((form) => middle(pytorch[form])) }));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** So many steps it takes until what runs once a step is compiled by the JavaScript engine: a small part of a training. */
const warmUpSteps = 1000;

/** The workloads of a group take turns, ours step by step, so that a noisy machine is noisy for all. */
async function timeGroup(group: (typeof workloads)[number], torch: Peer | undefined, { rounds, steps }: BenchOptions): Promise<Timed[]> {
  const made = Object.entries(group).map(([name, make]) => ({
    workload: make(),
    forms: torch && hasPeer(name) ? peerForms : [],
    stepsARun: Number(/×(\d+)$/.exec(name)?.[1] ?? 1),
    timed: { name, ours: [], pytorch: perForm(() => []), clocked: perForm(() => []), subtracted: perForm(() => []) } as Timed,
  }));
  for (let round = -1; round < rounds; round++) {
    // The round before the first warms up.
    const [isMeasured, count, peerCount] = round < 0 ? [false, warmUpSteps, 3] : [true, steps, steps];
    for (let step = 0; step < Math.max(3, count / made[0]!.stepsARun); step++) {
      for (const turn of made.keys()) {
        const { workload, stepsARun, timed } = made[(turn + step) % made.length]!;
        const start = performance.now();
        await workload();
        // The first of a round finds the caches as the others left them.
        if (isMeasured && step > 0) timed.ours.push((performance.now() - start) / stepsARun);
      }
    }
    for (const { forms, timed } of made) {
      for (const form of forms) {
        const { times, updates, without } = await torch!.run(`${form} ${timed.name}:${peerCount}`);
        if (!isMeasured) continue;
        timed.pytorch[form].push(...times.slice(1));
        if (updates) timed.clocked[form].push(...updates.map((update, i) => update / times[i]!).slice(1));
        if (without) timed.subtracted[form].push(...sharesOf(times, without).slice(1));
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
  for (const name of ['sgd', 'adamw']) {
    const { clocked, subtracted } = of(`${name} step`);
    console.log(`${name}: copying takes ${asPercent(median(of(`${name} copying`).ours) / median(of(`${name} update`).ours))} of the update alone`);
    console.log(`${name}: the update's share of a training step, by what a step beside it takes less that has no update:`);
    for (const count of groupSizes) {
      console.log(`  ours, ${count} in one execution: ${withError(sharesOf(of(`${name} step${together(count)}`).ours, of(`${name} step without update${together(count)}`).ours))}`);
    }
    console.log(`  PyTorch: ${peerForms.map((form) => `${form} ${withError(subtracted[form])}`).join(', ')}`);
    console.log(`  PyTorch by the clock around optimizer.step(): ${peerForms.map((form) => `${form} ${withError(clocked[form])}`).join(', ')}`);
  }
  console.log(`metrics: five of them take ${asPercent(median(of('five metrics').ours) / median(of('sgd step').ours))} of a training step`);
}

function sharesOf(whole: readonly number[], without: readonly number[]): number[] {
  return whole.map((time, i) => 1 - without[i]! / time);
}

/** The median, with its standard error: the deviation is taken from the quartiles. */
function withError(shares: readonly number[]): string {
  if (shares.length === 0) return '–';
  const sorted = [...shares].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)]!;
  return `${asPercent(median(sorted))} ± ${(((125 / 1.35) * (at(0.75) - at(0.25))) / Math.sqrt(sorted.length)).toFixed(1)}`;
}

function asPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
