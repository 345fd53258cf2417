import { allocate, type TypedArray } from '../dtype.js';
import type { Engine, EngineBuffer } from '../engines/engine.js';
import { currentEngine } from '../engines/registry.js';
import { forgetPending } from '../recording/record.js';
import type { Value } from '../recording/value.js';
import { formatShape } from '../shape.js';
import { CompileCache } from './compile-cache.js';
import { isTransparent, numberOf, outline, resolve } from './program.js';

/** Something whose current value must be computed at the next evaluation: a handle that was assigned to. */
export interface PendingWrite {
  readonly value: Value;
}

/** Asks an owner, as long as it lives, what is to be kept. */
type Retainer = () => readonly Value[];

const caches = new Map<Engine, CompileCache>();
const pendingWrites = new Set<PendingWrite>();
const retainers = new Set<Retainer>();
let requested = new Set<Value>();
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

/** Computes the value, and every pending write, in one run together with whatever else is asked for in the same turn. */
export function evaluate(values: readonly Value[]): Promise<void> {
  for (const value of values) requested.add(value);
  scheduled ??= Promise.resolve().then(() => {
    scheduled = undefined;
    const turn = running.then(runPending);
    running = turn.catch(() => undefined);
    return turn;
  });
  return scheduled;
}

async function runPending(): Promise<void> {
  const asked = requested;
  requested = new Set();
  const writes = [...pendingWrites];
  const wanted = [...writes.map(({ value }) => value), ...[...retainers].flatMap((retainer) => retainer()), ...asked];
  const outlined = outline(wanted);
  if (outlined.roots.length > 0) {
    const engine = await currentEngine();
    let cache = caches.get(engine);
    if (!cache) caches.set(engine, (cache = new CompileCache(engine)));
    const { compiled, lifted } = await cache.find(outlined);
    const inputs = await Promise.all(outlined.leaves.map((leaf) => bufferOf(leaf, engine)));
    for (const constant of lifted) inputs.push(constantBuffer(constant, engine));
    const start = performance.now();
    const outputs = await compiled.run(inputs);
    engineMilliseconds += performance.now() - start;
    runs++;
    outlined.roots.forEach((root, i) => root.settle({ buffer: outputs[i]! }));
    forgetPending();
  }
  for (const value of wanted) settleTransparent(value);
  for (const write of writes) if (!write.value.isPending) pendingWrites.delete(write);
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

async function bufferOf(leaf: Value, engine: Engine): Promise<EngineBuffer> {
  const { storage } = leaf;
  if (!storage || (!storage.host && !storage.buffer)) {
    throw new Error(`a placeholder of shape ${formatShape(leaf.shape)} has no numbers: feed it, or do not read what depends on it`);
  }
  if (storage.buffer?.engine === engine) return storage.buffer;
  storage.host ??= await storage.buffer!.engine.read(storage.buffer!);
  storage.buffer = engine.upload(storage.host, leaf.shape, leaf.dtype);
  return storage.buffer;
}

/** The engine's buffer of a value, computing it first where it is pending. */
export async function engineBufferOf(value: Value, engine: Engine): Promise<EngineBuffer> {
  if (value.isPending) await evaluate([value]);
  return bufferOf(resolve(value), engine);
}

/** The numbers of a value, computing them first where they are pending. A copy the caller may keep. */
export async function readValue(value: Value): Promise<TypedArray> {
  if (value.isPending) await evaluate([value]);
  const storage = value.storage ?? resolve(value).storage;
  if (storage?.buffer) return storage.buffer.engine.read(storage.buffer);
  if (storage?.host) return storage.host.slice();
  throw new Error(`a placeholder of shape ${formatShape(value.shape)} has no numbers: feed it, or do not read what depends on it`);
}
