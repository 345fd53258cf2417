import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { useEngine } from '@lossworks/ndarray';
import type { BenchOptions } from './main.js';
import { groupSizes, together, workloads, type Workload } from './optim-workloads.js';
import { Peer } from './peer.js';
import { median } from './statistics.js';

/** What PyTorch runs: what it takes on a processor unless told, one array after the other; operation by operation over all arrays; all in one call. */
const peerForms = ['default', 'foreach', 'fused'] as const;

type Form = (typeof peerForms)[number];

/** Milliseconds of each round by workload; PyTorch's are empty where it is not there or has no such workload. */
interface Timed {
  readonly name: string;
  readonly ours: number[];
  readonly pytorch: PerForm;
  /** The share of the step that `optimizer.step()` took. */
  readonly pytorchShares: PerForm;
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

/** The workloads of a group take turns, ours and PyTorch's, so that a noisy machine is noisy for all. */
async function timeGroup(group: (typeof workloads)[number], torch: Peer | undefined, { rounds, steps }: BenchOptions): Promise<Timed[]> {
  const made = Object.entries(group).map(([name, make]) => ({
    workload: make(),
    forms: torch && /update$|step$/.test(name) ? peerForms : [],
    stepsARun: Number(/×(\d+)$/.exec(name)?.[1] ?? 1),
    timed: { name, ours: [], pytorch: perForm(() => []), pytorchShares: perForm(() => []) } as Timed,
  }));
  for (let round = -1; round < rounds; round++) {
    for (const { workload, forms, stepsARun, timed } of made) {
      // The round before the first warms up.
      const count = round < 0 ? 3 : steps;
      const ours = median(await run(workload, Math.max(3, Math.ceil(count / stepsARun)))) / stepsARun;
      if (round >= 0) timed.ours.push(ours);
      for (const form of forms) {
        const { times, updates } = await torch!.run(`${form} ${timed.name}:${count}`);
        if (round < 0) continue;
        timed.pytorch[form].push(median(times));
        if (updates) timed.pytorchShares[form].push(median(updates.map((update, i) => update / times[i]!)));
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
  console.log(`\n${''.padEnd(24)}        ours     ${peerForms.map((form) => form.padStart(7)).join('     ')}   median ms`);
  for (const { name, ours, pytorch } of timed) console.log(`${name.padEnd(24)}${cell(ours)}${peerForms.map((form) => cell(pytorch[form])).join('')}`);
  const of = (name: string): Timed => timed.find((each) => each.name === name)!;
  const difference = (whole: number, without: number): number => (whole - without) / whole;
  const without = of('step without update');
  console.log();
  for (const name of ['sgd', 'adamw']) {
    const { pytorch, pytorchShares } = of(`${name} step`);
    const has = pytorch.default.length > 0;
    const clocked = peerForms.map((form) => `${form} ${has ? asPercent(median(pytorchShares[form])) : '–'}`);
    const subtracted = peerForms.map((form) => `${form} ${has ? percent(pytorch[form], without.pytorch[form], difference) : '–'}`);
    console.log(`${name}: copying takes ${percent(of(`${name} copying`).ours, of(`${name} update`).ours, (copying, update) => copying / update)} of the update alone`);
    console.log(`${name}: the update's share of a training step, as the time that a step takes less without it:`);
    for (const count of groupSizes) {
      const share = percent(of(`${name} step${together(count)}`).ours, of(`step without update${together(count)}`).ours, difference);
      console.log(`  ours, ${count} in one execution: ${share}, copying of weights and states included`);
    }
    console.log(`  PyTorch: ${subtracted.join(', ')}; by the clock around optimizer.step(): ${clocked.join(', ')}`);
  }
  console.log(`metrics: five of them take ${percent(of('five metrics').ours, of('sgd step').ours, (alone, step) => alone / step)} of a training step`);
}

/** The median over the rounds, in each of which both took their turn. */
function percent(a: readonly number[], b: readonly number[], ratio: (a: number, b: number) => number): string {
  return asPercent(median(a.map((time, i) => ratio(time, b[i]!))));
}

function asPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
