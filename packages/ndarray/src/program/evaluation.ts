import { allocate, type TypedArray } from '../dtype.js';
import type { Compiled, Engine, EngineBuffer } from '../engines/engine.js';
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
  let usesSpares = false;
  if (outlined.roots.length > 0) {
    const engine = await currentEngine();
    usesSpares = engine.usesSpares ?? false;
    let cache = caches.get(engine);
    if (!cache) caches.set(engine, (cache = new CompileCache(engine)));
    const { compiled, lifted } = await cache.find(outlined, usesSpares ? replacedInputs(outlined, writes) : undefined);
    const inputs = await Promise.all(outlined.leaves.map((leaf) => bufferOf(leaf, engine)));
    for (const constant of lifted) inputs.push(constantBuffer(constant, engine));
    const spares = usesSpares ? sparesFor(outlined, writes, engine, compiled.overwrites) : [];
    const start = performance.now();
    const outputs = await compiled.run(inputs, spares);
    engineMilliseconds += performance.now() - start;
    runs++;
    outlined.roots.forEach((root, i) => root.settle({ buffer: outputs[i]! }));
    forgetPending();
  }
  for (const value of wanted) settleTransparent(value);
  for (const write of writes) {
    if (write.value.isPending) continue;
    pendingWrites.delete(write);
    write.previous?.computed(usesSpares);
  }
}

/** For each root that an array is to hold, which leaf that holds the array's present contents. */
function replacedInputs({ roots, leaves }: Outline, writes: readonly PendingWrite[]): (number | undefined)[] {
  const inputs = new Map(leaves.map(({ storage }, i) => [storage, i]));
  const replaced = new Map(writes.map(({ value, previous }) => [resolve(value), previous?.last && inputs.get(previous.last)] as const));
  return roots.map((root) => replaced.get(root));
}

/**
 * For each root that an array is to hold, memory that the array had before, unless this very evaluation reads it; or the memory of the present contents, where
 * root by root they may be overwritten.
 */
function sparesFor({ roots, leaves }: Outline, writes: readonly PendingWrite[], engine: Engine, overwrites: Compiled['overwrites']): (EngineBuffer | undefined)[] {
  const read = new Set(leaves.map(({ storage }) => storage));
  const places = new Map(roots.map((root, i) => [root, i]));
  const spares = new Array<EngineBuffer | undefined>(roots.length).fill(undefined);
  for (const { value, previous } of writes) {
    const place = places.get(resolve(value));
    if (place !== undefined) spares[place] ??= (overwrites?.has(place) ? previous?.overwrite(engine) : undefined) ?? previous?.giveUp(engine, read);
  }
  return spares;
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
  if (!storage || (!storage.host && !storage.buffer)) throw withoutNumbers(leaf);
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
  throw withoutNumbers(value);
}

function withoutNumbers({ shape, storage }: Value): Error {
  const described = `of shape ${formatShape(shape)}`;
  if (!storage?.isGivenUp) return new Error(`a placeholder ${described} has no numbers: feed it, or do not read what depends on it`);
  return new Error(
    `what is read depends on an array ${described} whose numbers later steps of a training have replaced: read it in its own step, or keep it: zeros(shape).assign(it)`,
  );
}
