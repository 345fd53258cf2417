import { allocate, type TypedArray } from '../dtype.js';
import type { Engine, EngineBuffer } from '../engines/engine.js';
import { currentEngine } from '../engines/registry.js';
import { forgetPending } from '../recording/record.js';
import type { PreviousContents } from '../recording/previous-contents.js';
import type { Value } from '../recording/value.js';
import { formatShape } from '../shape.js';
import { CompileCache } from './compile-cache.js';
import { isTransparent, numberOf, outline, resolve, type Outline } from './program.js';

/** Something whose current value must be computed at the next evaluation: a handle that was assigned to. */
export interface PendingWrite {
  readonly value: Value;
  readonly previous: PreviousContents | undefined;
}

/** Asks an owner, as long as it lives, what is to be kept. */
type Retainer = () => readonly Value[];

const caches = new Map<Engine, CompileCache>();
const pendingWrites = new Set<PendingWrite>();
const retainers = new Set<Retainer>();
let requested = new Set<Value>();
/** What to do as soon as values are there that were requested, before another evaluation may use their memory. */
let readings: (() => void)[] = [];
let scheduled: Promise<void> | undefined;
let running: Promise<void> = Promise.resolve();
let runs = 0;
let engineMilliseconds = 0;

/** What evaluations did since the program began, over all engines. */
export interface EvaluationCounts {
  /** Runs of a compiled program. */
  readonly runs: number;
  /** Programs compiled: a new shape or a new graph is one. */
  readonly compilations: number;
  /** Milliseconds spent inside runs, without recording and compiling. */
  readonly engineMilliseconds: number;
}

/** The counts so far, for tests, benchmarks and reports: take the difference of two. */
export function evaluationCounts(): EvaluationCounts {
  let compilations = 0;
  for (const cache of caches.values()) compilations += cache.compilations;
  return { runs, compilations, engineMilliseconds };
}

export function addPendingWrite(write: PendingWrite): void {
  pendingWrites.add(write);
}

/** What has been assigned to since the last evaluation. */
export function pendingArrays(): readonly PendingWrite[] {
  return [...pendingWrites];
}

/**
 * Asks, at every evaluation, for further values to compute and keep along with it: a forward pass whose backward has yet to be recorded keeps
 * what that will need. The returned function ends it; so does the end of the owner, which the provider therefore must not refer to by itself.
 */
export function retain<Owner extends object>(owner: Owner, provider: (owner: Owner) => readonly Value[]): () => void {
  const reference = new WeakRef(owner);
  const retainer: Retainer = () => {
    const alive = reference.deref();
    if (!alive) retainers.delete(retainer);
    return alive ? provider(alive) : [];
  };
  retainers.add(retainer);
  return () => retainers.delete(retainer);
}

/** Computes the values, and every pending write, in one run together with whatever else is asked for in the same turn; `onComputed` finds them computed. */
export function evaluate(values: readonly Value[], onComputed?: () => void): Promise<void> {
  for (const value of values) requested.add(value);
  if (onComputed) readings.push(onComputed);
  scheduled ??= Promise.resolve().then(() => {
    scheduled = undefined;
    const turn = running.then(runPending);
    running = turn.catch(() => undefined);
    return turn;
  });
  return scheduled;
}

async function runPending(): Promise<void> {
  const [asked, waiting] = [requested, readings];
  [requested, readings] = [new Set(), []];
  const writes = pendingArrays();
  const wanted = [...writes.map(({ value }) => value), ...[...retainers].flatMap((retainer) => retainer()), ...asked];
  const outlined = outline(wanted);
  const usesSpares = outlined.roots.length > 0 && (await compute(outlined, writes));
  wanted.forEach(settleTransparent);
  writes.forEach((write) => {
    if (write.value.isPending) return;
    pendingWrites.delete(write);
    write.previous?.computed(usesSpares);
  });
  waiting.forEach((onComputed) => onComputed());
}

/** Gives roots their numbers; tells whether the engine writes to memory that arrays had before. */
async function compute(outlined: Outline, writes: readonly PendingWrite[]): Promise<boolean> {
  const { leaves, roots } = outlined;
  const engine = await currentEngine();
  let cache = caches.get(engine);
  if (!cache) caches.set(engine, (cache = new CompileCache(engine)));
  const previous = engine.usesSpares ? previousOf(outlined, writes) : undefined;
  // Which leaf it is, by what is read.
  const read = new Map(previous && leaves.map(({ storage }, i) => [storage, i]));
  const { compiled, lifted } = await cache.find(outlined, previous?.map((each) => each?.last && read.get(each.last)));
  const inputs = await buffersOf(leaves, engine);
  for (const constant of lifted) inputs.push(constantBuffer(constant, engine));
  // Memory that an array had before, unless this very evaluation reads it; or that of its present contents, where they may be overwritten.
  const spares = previous?.map((each, place) => (compiled.overwrites?.has(place) ? each?.overwrite(engine) : undefined) ?? each?.giveUp(engine, read));
  const start = performance.now();
  const outputs = await compiled.run(inputs, spares);
  engineMilliseconds += performance.now() - start;
  runs++;
  roots.forEach((root, i) => root.settle({ buffer: outputs[i]! }));
  forgetPending();
  return previous !== undefined;
}

/** By root, what the array that is to hold it held before. */
function previousOf({ roots }: Outline, writes: readonly PendingWrite[]): (PreviousContents | undefined)[] {
  const places = new Map(roots.map((root, i) => [root, i]));
  const found = new Array<PreviousContents | undefined>(roots.length).fill(undefined);
  for (const { value, previous } of writes) {
    const place = places.get(resolve(value));
    if (place !== undefined) found[place] ??= previous;
  }
  return found;
}

/** Another name of a computed value shares its storage. */
function settleTransparent(value: Value): void {
  if (!isTransparent(value)) return;
  const { storage } = resolve(value);
  if (storage) value.settle(storage);
}

function constantBuffer(value: Value, engine: Engine): EngineBuffer {
  const host = allocate(value.dtype, 1);
  host[0] = numberOf(value);
  return engine.upload(host, [], value.dtype);
}

/** A leaf's buffer of the engine; undefined where its numbers are another engine's. */
function bufferAtHand(leaf: Value, engine: Engine): EngineBuffer | undefined {
  const { storage } = leaf;
  if (storage?.buffer?.engine === engine) return storage.buffer;
  if (storage?.host) return (storage.buffer = engine.upload(storage.host, leaf.shape, leaf.dtype));
  if (!storage?.buffer) throw withoutNumbers(leaf);
  return undefined;
}

async function buffersOf(leaves: readonly Value[], engine: Engine): Promise<EngineBuffer[]> {
  const buffers = leaves.map((leaf) => bufferAtHand(leaf, engine));
  if (buffers.includes(undefined)) for (const [i, leaf] of leaves.entries()) buffers[i] ??= await broughtOver(leaf, engine);
  return buffers as EngineBuffer[];
}

async function broughtOver(leaf: Value, engine: Engine): Promise<EngineBuffer> {
  const storage = leaf.storage!;
  storage.host = await storage.buffer!.engine.read(storage.buffer!);
  return bufferAtHand(leaf, engine)!;
}

/** The engine's buffer of a value, computing it first where it is pending. */
export async function engineBufferOf(value: Value, engine: Engine): Promise<EngineBuffer> {
  if (value.isPending) await evaluate([value]);
  return (await buffersOf([resolve(value)], engine))[0]!;
}

/** The numbers of a value, computing them first where they are pending. A copy the caller may keep. */
export async function readValue(value: Value): Promise<TypedArray> {
  if (!value.isPending) return readComputed(value);
  let reading: Promise<TypedArray> | undefined;
  await evaluate([value], () => (reading = readComputed(value)));
  return reading!;
}

async function readComputed(value: Value): Promise<TypedArray> {
  const storage = value.storage ?? resolve(value).storage;
  if (storage?.buffer) return storage.buffer.engine.read(storage.buffer);
  if (storage?.host) return storage.host.slice();
  throw withoutNumbers(value);
}

function withoutNumbers({ shape, storage }: Value): Error {
  const described = `of shape ${formatShape(shape)}`;
  if (!storage?.isGivenUp) return new Error(`a placeholder ${described} has no numbers: feed it, or do not read what depends on it`);
  return new Error(
    `what is read depends on an array ${described} whose numbers later steps of a training have replaced: read it in its own step, or keep it: zeros(shape).assign(it)`,
  );
}
