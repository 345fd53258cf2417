import { parseArgs } from 'node:util';
import { benchBrowser } from './browser.js';
import { benchImport } from './import.js';
import { benchLosses } from './losses.js';
import { benchMemory } from './memory.js';
import { benchOptim } from './optim.js';
import { benchRcnn } from './rcnn.js';
import { benchShare } from './share.js';
import { benchStep } from './step.js';
import { benchStepMemory } from './step-memory.js';
import { benchStyle } from './style.js';
import { benchStyleMemory } from './style-memory.js';
import { benchSymbol } from './symbol.js';
import { benchTurns } from './turns.js';

/** Benchmarks by name. */
const benchmarks: { readonly [name: string]: (options: BenchOptions) => Promise<void> } = {
  step: benchStep, browser: benchBrowser, rcnn: benchRcnn, 'step-memory': benchStepMemory, losses: benchLosses, optim: benchOptim, share: benchShare, turns: benchTurns, memory: benchMemory, symbol: benchSymbol, style: benchStyle, 'style-memory': benchStyleMemory, import: benchImport,
};

export interface BenchOptions {
  readonly batch: number;
  readonly rounds: number;
  readonly steps: number;
  readonly threads: number;
  /** A Python that has PyTorch. */
  readonly python: string;
  /** Where to write the rows. */
  readonly json: string | undefined;
  /** Whether to tell where the time of each row goes. */
  readonly profile: boolean;
  /** What is measured: what has it in its name; all where it is empty. */
  readonly only: string;
}

const usage = `pnpm bench NAME [options]

  step         one training step of the MNIST network with center loss, on every engine and beside the peers that are installed
  browser      the same step in Node and in a page of headless Chromium
  rcnn         one training step of the Fast R-CNN example beside PyTorch
  losses       forward and backward of every loss beside PyTorch eager (512 × 1000 scores, or 512 × 128 features)
  step-memory  resident memory between step 500 and step 3000 of the same training
  optim        update of 10 M parameters alone beside PyTorch's foreach and fused forms, and metrics beside a training step
  share        the update's share of a training step beside PyTorch's: N rounds, each process of both anew
  turns        two programs that take turns, a training step and an evaluation, beside each by itself
  memory       peak memory of an Inception-like net: forward alone, with backward, and with recomputation
  style        an iteration of neural style beside the same network in PyTorch eager
  style-memory resident memory over 500 iterations of it
  symbol       building, binding and recording a symbol of 1,000 operators, and ResNet-50
  import       first import of each package in a process of its own, without an engine

  --batch N      images a step (128)          --rounds N   alternating rounds (9)      --steps N   steps a round (12)
  --threads N    threads of every contender (2)
  --python FILE  a Python that has PyTorch (python3)
  --json FILE    write rows of { name, medianMs, minMs, maxMs, ratioToPyTorch }
  --profile      losses: behind each row the operators that take its time
  --only TEXT    losses, share: those whose name contains TEXT`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      batch: { type: 'string', default: '128' }, rounds: { type: 'string', default: '9' }, steps: { type: 'string', default: '12' }, threads: { type: 'string', default: '2' },
      python: { type: 'string', default: 'python3' }, json: { type: 'string' }, profile: { type: 'boolean', default: false }, only: { type: 'string', default: '' }, help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name] = positionals;
  if (values.help || name === undefined) {
    console.log(usage);
    return;
  }
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (!benchmark) throw new RangeError(`there is no benchmark ${name}; there are ${Object.keys(benchmarks).join(', ')}`);
  const whole = (option: 'batch' | 'rounds' | 'steps' | 'threads'): number => {
    const value = Number(values[option]);
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${option}: '${values[option]}' is not a whole number of at least 1`);
    return value;
  };
  const { python, json, profile, only } = values;
  await benchmark({ batch: whole('batch'), rounds: whole('rounds'), steps: whole('steps'), threads: whole('threads'), python, json, profile, only });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
