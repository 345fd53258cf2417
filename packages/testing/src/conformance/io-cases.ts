import { NDArrayIter, type DataBatch } from '@lossworks/data';
import { fullyConnected, activation, Monitor, NameManager, simpleBind, Symbol, variable, withNameManager } from '@lossworks/graph';
import { registerLossOperators, softmaxOutput } from '@lossworks/losses';
import { Accuracy, type HostArray, type Metric } from '@lossworks/metrics';
import { FeedForward, loadMxnetCheckpoint, logTrainMetric, Module, progressBar, saveMxnetCheckpoint, speedometer, type BatchEndCallback, type FitOptions } from '@lossworks/module';
import { array, decodeParams, encodeParams, ones, type FileArray, type FileDType } from '@lossworks/ndarray';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';

type Event = readonly (string | number)[];
type MonitorLine = readonly [step: number, name: string, value: number];

/** The cases of `io.json` that concern files, the order of events in a training loop, and what callbacks print. */
export type IoCase = { readonly name: string } & (
  | {
      readonly kind: 'params_file';
      readonly base64: string;
      readonly arrays: readonly ({ readonly name: string | null; readonly dtype: FileDType } & RecordedArray)[];
    }
  | { readonly kind: 'checkpoint'; readonly files: readonly string[]; readonly paramsBase64: string; readonly symbolJson: string }
  | { readonly kind: 'events'; readonly events: readonly Event[] }
  | {
      readonly kind: 'callback';
      readonly calls: readonly unknown[];
      readonly batchSize?: number;
      readonly frequent?: number;
      readonly total?: number;
      readonly length?: number;
      readonly period?: number;
    }
  | { readonly kind: 'monitor'; readonly interval: number; readonly results: readonly (readonly [pattern: string, step: number, entries: readonly MonitorLine[]])[] }
);

type KindRunners = { readonly [K in IoCase['kind']]: (recorded: IoCase & { kind: K }) => Promise<CaseResult> | CaseResult };

const runners: KindRunners = {
  params_file: runParamsFile,
  checkpoint: runCheckpoint,
  events: runEvents,
  callback: runCallback,
  monitor: runMonitor,
};

/** Replays one recorded file, loop or callback. */
export async function runIoCase(recorded: IoCase): Promise<CaseResult> {
  registerLossOperators();
  const run = runners[recorded.kind] as (recorded: IoCase) => Promise<CaseResult> | CaseResult;
  return run(recorded);
}

function runParamsFile({ base64, arrays }: IoCase & { kind: 'params_file' }): CaseResult {
  const bytes = Buffer.from(base64, 'base64');
  const contents = decodeParams(bytes);
  const entries = contents instanceof Map ? [...(contents as ReadonlyMap<string, FileArray>)] : (contents as readonly FileArray[]).map((item) => [null, item] as const);
  const found = arrays.map(({ name, dtype, shape, data }, i) => {
    const [ownName, own] = entries[i] ?? [null, undefined];
    if (!own) return `array ${i} is missing`;
    const described = `${ownName} ${own.dtype} [${own.shape.join()}]`;
    const expected = `${name} ${dtype} [${shape.join()}]`;
    return described === expected ? deviation(`array ${i}`, numbersOf(own), data) : `array ${i} is ${described} instead of ${expected}`;
  });
  found.push(entries.length === arrays.length ? undefined : `${entries.length} arrays instead of ${arrays.length}`);
  found.push(bytes.equals(encodeParams(contents)) ? undefined : 'the file written again differs');
  return verdict(found);
}

/** Half precision is kept as bits; the recorded numbers are whole and small. */
function numbersOf({ dtype, data }: FileArray): number[] {
  if (dtype !== 'float16') return Array.from(data as ArrayLike<number | bigint>, Number);
  return Array.from(data as Uint16Array, (bits) => (bits & 0x8000 ? -1 : 1) * (1 + (bits & 1023) / 1024) * 2 ** (((bits >> 10) & 31) - 15));
}

async function runCheckpoint({ files, paramsBase64, symbolJson }: IoCase & { kind: 'checkpoint' }): Promise<CaseResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lossworks-'));
  try {
    const prefix = join(folder, 'ck');
    await saveMxnetCheckpoint(prefix, 7, { symbol: Symbol.loadJSON(symbolJson), argParams: { fc1_weight: ones([1, 2]) }, auxParams: {} });
    const written = (await readdir(folder)).sort();
    const { symbol, argParams, auxParams } = await loadMxnetCheckpoint(prefix, 7);
    return verdict([
      written.join() === files.join() ? undefined : `files ${written.join()} instead of ${files.join()}`,
      (await readFile(`${prefix}-0007.params`)).equals(Buffer.from(paramsBase64, 'base64')) ? undefined : 'the .params file differs',
      (await readFile(`${prefix}-symbol.json`, 'utf8')) === symbolJson ? undefined : 'the symbol file differs',
      symbol.toJSONText() === symbolJson ? undefined : 'the symbol read again differs',
      Object.keys(argParams).join() === 'fc1_weight' && Object.keys(auxParams).length === 0 ? undefined : 'the names read again differ',
      deviation('fc1_weight', await argParams['fc1_weight']!.data(), [1, 1]),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runEvents({ name, events }: IoCase & { kind: 'events' }): Promise<CaseResult> {
  const loop = Object.hasOwn(loops, name) ? loops[name] : undefined;
  if (!loop) return { status: 'skipped', reason: `${name}: how that loop was started is not recorded` };
  const own = await eventsOf(loop);
  const at = events.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(own[i]));
  if (at < 0 && own.length === events.length) return { status: 'passed' };
  const first = at < 0 ? events.length : at;
  return { status: 'failed', detail: `event ${first} is ${JSON.stringify(own[first])} instead of ${JSON.stringify(events[first])}; ${own.length} events, recorded ${events.length}` };
}

type Note = (...event: Event) => void;

/** What both loops are given: everything that happens in it is noted. */
interface Told {
  readonly note: Note;
  readonly train: NDArrayIter;
  readonly evalData: NDArrayIter;
  readonly evalMetric: InstanceType<typeof Accuracy>;
  readonly logger: (line: string) => void;
  readonly callbacks: Pick<FitOptions, 'batchEndCallback' | 'epochEndCallback' | 'evalBatchEndCallback' | 'evalEndCallback'>;
}

/** Six samples in batches of four for two epochs. */
const loops: { readonly [name: string]: (told: Told) => Promise<void> } = {
  module_fit_events: async ({ note, train, evalData, evalMetric, logger, callbacks }) => {
    class ToldModule extends Module {
      override async forwardBackward(...given: Parameters<Module['forwardBackward']>): Promise<void> {
        note('forward_backward');
        await super.forwardBackward(...given);
      }
      override update(): void {
        note('update');
        super.update();
      }
    }
    await new ToldModule(perceptron(), { logger }).fit(train, { evalData, evalMetric, numEpoch: 2, optimizerOptions: { learningRate: 0.1 }, countPadding: true, ...callbacks });
  },
  feedforward_fit_events: async ({ note, train, evalData, evalMetric, logger, callbacks }) => {
    // MXNet's metric resets itself when it is made, which was recorded here.
    note('metric.reset');
    await new FeedForward(perceptron(), { numEpoch: 2, optimizerOptions: { learningRate: 0.1 }, logger }).fit(train, undefined, { evalData, evalMetric, ...callbacks });
  },
};

async function eventsOf(loop: (told: Told) => Promise<void>): Promise<Event[]> {
  const events: Event[] = [];
  const note: Note = (...event) => void events.push(event);
  class ToldIter extends NDArrayIter {
    constructor(private readonly tag: string, rows: number) {
      const data = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i + 1));
      super({ data, shape: [rows, 4] }, Float32Array.from({ length: rows }, (_, i) => i % 3), { batchSize: 4 });
    }
    override next(): DataBatch | undefined {
      const batch = super.next();
      note('next', this.tag, batch ? batch.pad : 'stop');
      return batch;
    }
    override reset(): void {
      note('reset', this.tag);
      super.reset();
    }
  }
  class ToldMetric extends Accuracy {
    override update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[]): void {
      note('metric.update');
      super.update(labels, preds);
    }
    override reset(): void {
      note('metric.reset');
      super.reset();
    }
  }
  await loop({
    note,
    train: new ToldIter('train', 6),
    evalData: new ToldIter('eval', 4),
    evalMetric: new ToldMetric(),
    logger: (line) => note('log', line.split('cost=')[0]!.replace(/=[-0-9.]+(nan)?/, '=#')),
    callbacks: {
      batchEndCallback: ({ epoch, nbatch }) => note('batch_end', epoch, nbatch),
      epochEndCallback: ({ epoch }) => note('epoch_end', epoch),
      evalEndCallback: ({ epoch, nbatch }) => note('eval_end', epoch, nbatch),
      evalBatchEndCallback: ({ epoch, nbatch }) => note('eval_batch_end', epoch, nbatch),
    },
  });
  return events;
}

function perceptron(): Symbol {
  return withNameManager(new NameManager(), () => {
    const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 5, name: 'fc1' }), actType: 'relu', name: 'relu1' });
    return softmaxOutput({ data: fullyConnected({ data: hidden, numHidden: 3, name: 'fc2' }), name: 'softmax' });
  });
}

/** Three steps for each pattern; the one that takes everything sorts. */
async function runMonitor({ interval, results }: IoCase & { kind: 'monitor' }): Promise<CaseResult> {
  const executor = simpleBind(perceptron(), { shapes: { data: [2, 4] }, checkInputs: 'none' });
  for (const argument of executor.argArrays) argument.assign(array(Float32Array.from({ length: argument.size }, (_, i) => i % 3), { shape: argument.shape }));
  const found: (string | undefined)[] = [];
  for (const pattern of new Set(results.map(([each]) => each))) {
    const monitor = new Monitor(interval, { pattern, sort: pattern === '.*' });
    monitor.install(executor);
    for (const [, step, expected] of results.filter(([each]) => each === pattern)) {
      monitor.tic();
      await executor.forward({ isTrain: true });
      await executor.backward();
      const own = await monitor.toc();
      const described = (lines: readonly (readonly [number, string, unknown])[]): string => lines.map(([number, name]) => `${number} ${name}`).join(', ');
      if (described(own) !== described(expected)) found.push(`pattern ${pattern} step ${step}: ${described(own)} instead of ${described(expected)}`);
      else found.push(deviation(`pattern ${pattern} step ${step}`, own.map(([, , value]) => Number(value)), expected.map(([, , value]) => value)));
    }
  }
  return verdict(found);
}

type CallbackCase = IoCase & { kind: 'callback' };

/** What each recorded callback is called with, and what is written down of each call. */
const callbacks: { readonly [name: string]: (recorded: CallbackCase) => Promise<unknown[]> } = {
  speedometer_auto1: (recorded) => speedometerCalls(recorded, true),
  speedometer_auto0: (recorded) => speedometerCalls(recorded, false),
  progressbar: async ({ total, length }) => {
    const told = listening((logger) => progressBar({ total: total!, length: length!, logger }));
    return series(6, async (nbatch) => (await told({ epoch: 0, nbatch, evalMetric: null, locals: {} }))[0]);
  },
  log_train_metric: async ({ period }) => {
    const told = listening((logger) => logTrainMetric({ period: period!, logger }));
    const metric = measured(new Accuracy(), 0);
    return series(4, async (nbatch) => (await told({ epoch: 1, nbatch, evalMetric: metric, locals: {} })).map((line) => line.replace(/=[-0-9.]+$/, '=#')));
  },
};

async function runCallback(recorded: CallbackCase): Promise<CaseResult> {
  if (!Object.hasOwn(callbacks, recorded.name)) return { status: 'skipped', reason: `the case does not say which callback it is, and none is known under ${recorded.name}` };
  const own = await callbacks[recorded.name]!(recorded);
  return verdict(
    Array.from({ length: Math.max(own.length, recorded.calls.length) }, (_, i) => {
      const [found, wanted] = [own[i], recorded.calls[i]].map((call) => JSON.stringify(call));
      return found === wanted ? undefined : `call ${i} gives ${found} instead of ${wanted}`;
    }),
  );
}

/** Five batches of two samples in each of two epochs; the second counts are those of the metric after the call. */
async function speedometerCalls({ batchSize, frequent }: CallbackCase, autoReset: boolean): Promise<unknown[]> {
  let time = 0;
  const told = listening((logger) => speedometer({ batchSize: batchSize!, frequent: frequent!, autoReset, logger, now: () => (time += 100) }));
  const metric = new Accuracy();
  return series(10, async (call) => {
    measured(metric, call % 5);
    const lines = await told({ epoch: Math.floor(call / 5), nbatch: call % 5, evalMetric: metric, locals: {} });
    return [...lines.map((line) => line.replace(/Speed: [0-9.inf]+/, 'Speed: #')), ...samplesSeen(metric)];
  });
}

/** Two samples, of which the second is wrong in odd batches. */
function measured(metric: Metric, nbatch: number): Metric {
  const second = nbatch % 2 ? [0.9, 0.1] : [0.1, 0.9];
  metric.update({ data: [0, 1], shape: [2] }, { data: [0.9, 0.1, ...second], shape: [2, 2] });
  return metric;
}

function samplesSeen(metric: Metric): number[] {
  const { local, global } = metric.toJSON().states as { local: { count: number }; global: { count: number } };
  return [local.count, global.count];
}

/** A callback whose lines of one call are given back. */
function listening(make: (logger: (line: string) => void) => BatchEndCallback): (...given: Parameters<BatchEndCallback>) => Promise<string[]> {
  let lines: string[] = [];
  const callback = make((line) => lines.push(line));
  return async (...given) => {
    lines = [];
    await callback(...given);
    return lines;
  };
}

async function series<T>(length: number, call: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < length; i++) results.push(await call(i));
  return results;
}
