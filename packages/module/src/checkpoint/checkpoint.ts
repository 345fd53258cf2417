import type { MetricJson } from '@lossworks/metrics';
import { decodeSafetensors, encodeSafetensors, type FileArray, type RandomState } from '@lossworks/ndarray';
import type { OptimizerCounters } from '@lossworks/optim';
import type { IteratorPosition } from '../progress.js';
import { Fingerprint } from './fingerprint.js';

/** What a checkpoint holds besides arrays; JSON can hold it. */
export interface TrainingState {
  /** Updates so far. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Batches of the epoch that are trained. */
  readonly nbatch: number;
  /** Whether the epoch's batches are all trained and its metric is logged. */
  readonly epochComplete: boolean;
  /** Where the generator of the network's random numbers stands. */
  readonly random: RandomState;
  /** Counts and rates of the optimizer; null where there was none. */
  readonly optimizer: OptimizerCounters | null;
  /** Where the iterator stood; null where it could not say. */
  readonly iterator: IteratorPosition | null;
  /** What was measured of the epoch; null outside of one. */
  readonly metric: MetricJson | null;
}

/** Everything that training depends on: a network, its arrays, and where training stands. */
export interface Checkpoint {
  /** Where it comes from, for errors. */
  readonly source: string;
  /** The network as symbol JSON. */
  readonly symbol: string;
  /** Parameters by name. */
  readonly argParams: ReadonlyMap<string, FileArray>;
  /** Auxiliary states by name. */
  readonly auxParams: ReadonlyMap<string, FileArray>;
  /** States of the optimizer as `INDEX:STATE`. */
  readonly optimizerArrays: ReadonlyMap<string, FileArray>;
  /** Where training stands: counts, generator, optimizer, iterator, metric. */
  readonly training: TrainingState;
}

const format = 'lossworks checkpoint';
const version = '1';

const kinds = { argParams: 'arg:', auxParams: 'aux:', optimizerArrays: 'optimizer:' } as const;
type Kind = keyof typeof kinds;

/** A checkpoint as one safetensors file, whose metadata hold the network and the numbers, with a fingerprint over all of it. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const arrays = new Map(
    (Object.keys(kinds) as Kind[]).flatMap((kind) => [...checkpoint[kind]].map(([name, item]) => [kinds[kind] + name, item] as const)),
  );
  const texts = { symbol: checkpoint.symbol, training: JSON.stringify(checkpoint.training) };
  const metadata = new Map(Object.entries({ format, version, ...texts, fingerprint: fingerprintOf(arrays, texts) }));
  return encodeSafetensors({ arrays, metadata });
}

/**
 * Reads what `encodeCheckpoint` wrote.
 *
 * @param source names the file in errors.
 * @throws RangeError where the bytes are no checkpoint, one of another version, or damaged.
 */
export function decodeCheckpoint(bytes: Uint8Array, source = 'checkpoint'): Checkpoint {
  const { arrays, metadata } = decodeSafetensors(bytes, source);
  if (metadata.get('format') !== format) {
    throw new RangeError(`${source}: it is a safetensors file without training state, no checkpoint; read its arrays with decodeSafetensors and hand them to setParams`);
  }
  if (metadata.get('version') !== version) {
    throw new RangeError(`${source}: it is a checkpoint of version ${metadata.get('version')}, this release reads version ${version}; read it with the release that wrote it`);
  }
  const texts = { symbol: metadata.get('symbol') ?? '', training: metadata.get('training') ?? '' };
  if (fingerprintOf(arrays, texts) !== metadata.get('fingerprint')) throw damaged(source, 'its contents do not have the fingerprint they were saved with');
  const ofKind = (kind: Kind) => new Map([...arrays].filter(([name]) => name.startsWith(kinds[kind])).map(([name, item]) => [name.slice(kinds[kind].length), item]));
  return {
    source,
    symbol: texts.symbol,
    argParams: ofKind('argParams'),
    auxParams: ofKind('auxParams'),
    optimizerArrays: ofKind('optimizerArrays'),
    training: readTraining(texts.training, source),
  };
}

function fingerprintOf(arrays: ReadonlyMap<string, FileArray>, { symbol, training }: { readonly symbol: string; readonly training: string }): string {
  const encoder = new TextEncoder();
  const fingerprint = new Fingerprint().add(encoder.encode(symbol)).add(encoder.encode(training));
  for (const [name, { dtype, shape, data }] of [...arrays].sort(([a], [b]) => (a < b ? -1 : 1))) {
    fingerprint.add(encoder.encode(`${name} ${dtype} ${shape.join()}`)).add(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return fingerprint.digits();
}

/** The text has its fingerprint; what is checked here is that another program has not left something out. */
function readTraining(text: string, source: string): TrainingState {
  let training: unknown;
  try {
    training = JSON.parse(text);
  } catch {
    throw damaged(source, 'its training state is no JSON');
  }
  const { step, epoch, nbatch, epochComplete, random, optimizer, iterator, metric } = (training ?? {}) as Partial<Record<keyof TrainingState, unknown>>;
  const counts = { step, epoch, nbatch };
  for (const [name, value] of Object.entries(counts)) if (!Number.isSafeInteger(value) || (value as number) < 0) throw damaged(source, `its ${name} is ${String(value)}`);
  if (typeof epochComplete !== 'boolean') throw damaged(source, `its epochComplete is ${String(epochComplete)}`);
  for (const [name, value] of Object.entries({ random, optimizer, iterator, metric })) {
    if (typeof value !== 'object' || (value === null && name === 'random')) throw damaged(source, `its ${name} state is ${String(value)}`);
  }
  return training as TrainingState;
}

function damaged(source: string, problem: string): RangeError {
  return new RangeError(`${source}: ${problem}; it is damaged: take an earlier checkpoint`);
}
