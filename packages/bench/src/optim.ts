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

/** Milliseconds of each step by workload; PyTorch's are empty where it is not there or has no such workload. */
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
      const ours = await run(workload, Math.max(3, Math.ceil(count / stepsARun)));
      // The first of a round finds the caches as the others left them.
      if (round >= 0) timed.ours.push(...ours.slice(1).map((time) => time / stepsARun));
      for (const form of forms) {
        const { times, updates } = await torch!.run(`${form} ${timed.name}:${count}`);
        if (round < 0) continue;
        timed.pytorch[form].push(...times.slice(1));
        if (updates) timed.pytorchShares[form].push(...updates.map((update, i) => update / times[i]!).slice(1));
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
  const difference = (whole: readonly number[], without: readonly number[]): string => asPercent((quiet(whole) - quiet(without)) / quiet(whole));
  const without = of('step without update');
  console.log();
  for (const name of ['sgd', 'adamw']) {
    const { pytorch, pytorchShares } = of(`${name} step`);
    const has = pytorch.default.length > 0;
    const clocked = peerForms.map((form) => `${form} ${has ? asPercent(median(pytorchShares[form])) : '–'}`);
    const subtracted = peerForms.map((form) => `${form} ${has ? difference(pytorch[form], without.pytorch[form]) : '–'}`);
    console.log(`${name}: copying takes ${asPercent(median(of(`${name} copying`).ours) / median(of(`${name} update`).ours))} of the update alone`);
    console.log(`${name}: the update's share of a training step, as the time that a step takes less without it (tenths of the steps that are fastest):`);
    for (const count of groupSizes) {
      const share = difference(of(`${name} step${together(count)}`).ours, of(`step without update${together(count)}`).ours);
      console.log(`  ours, ${count} in one execution: ${share}, copying of weights and states included`);
    }
    console.log(`  PyTorch: ${subtracted.join(', ')}; by the clock around optimizer.step(): ${clocked.join(', ')}`);
  }
  console.log(`metrics: five of them take ${asPercent(median(of('five metrics').ours) / median(of('sgd step').ours))} of a training step`);
}

/** The time that a tenth of the steps stay below: differences of a few percent drown in what else a machine does, which only adds. */
function quiet(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)]!;
}

function asPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
