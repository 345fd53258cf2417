import type { NDArray } from '../../ndarray.js';
import { readValue } from '../../program/evaluation.js';
import { lowerArrays } from './export-model.js';
import { writeModel } from './model-writer.js';
import { programFacts, type ProgramFacts } from './program-facts.js';
import { availableThreads, loadNative, type OnnxDevice } from './runtime.js';

/** Time spent in all nodes of one operator. */
export interface OperatorTime {
  /** The engine's name: what is left after its own fusions (`Conv`, `FusedGemm`). */
  readonly operator: string;
  /** What ran them: a device's provider hands the processor what it has no kernel for, and arrays with it. */
  readonly ranOn: 'cpu' | 'webgpu';
  /** Nodes of that operator. */
  readonly nodes: number;
  /** Milliseconds a run, over all its nodes. */
  readonly milliseconds: number;
}

/** Times of a program's runs, in milliseconds, from the engine's own profile; averages over the runs. */
export interface RunProfile {
  /** The dearest first. */
  readonly operators: readonly OperatorTime[];
  /** Milliseconds of a whole run. */
  readonly milliseconds: number;
  /** How the program was put together. */
  readonly program: ProgramFacts;
  /** Recorded steps that the program was made of. */
  readonly neededSteps: number;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string; readonly provider?: string };
}

/** Runs what computes the arrays with the engine's profiler on, in a session of its own; the arrays stay pending. */
export async function profileArrays(arrays: readonly NDArray[], { runs, device }: { readonly runs: number; readonly device: OnnxDevice }): Promise<RunProfile> {
  const loaded = await loadNative(device);
  if (!loaded) throw new Error('profile: only the native ONNX Runtime writes profiles; install it: npm install onnxruntime-node');
  // Asked for by name and not imported, so that bundlers for a page meet no built-in module.
  const [{ mkdtemp, readdir, readFile, rm }, { tmpdir }, { join }] = [process.getBuiltinModule('node:fs/promises'), process.getBuiltinModule('node:os'), process.getBuiltinModule('node:path')];
  const { graph, program, leaves, neededSteps } = lowerArrays(arrays, device);
  // Arrays that are there already: ONNX Runtime takes no model without outputs.
  if (graph.outputs.length === 0) return { operators: [], milliseconds: 0, program: programFacts(program), neededSteps };
  const folder = await mkdtemp(join(tmpdir(), 'lossworks-profile-'));
  try {
    const { Tensor, InferenceSession } = loaded.runtime;
    const session = await InferenceSession.create(writeModel(graph), {
      ...loaded.sessionOptions,
      intraOpNumThreads: availableThreads(),
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
    });
    const feeds = Object.fromEntries(await Promise.all(leaves.map(async (leaf, i) => [`i${i}`, new Tensor(leaf.dtype, await readValue(leaf), [...leaf.shape])] as const)));
    for (let run = 0; run <= runs; run++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, file!), 'utf8')) as readonly ProfileEvent[];
    return { ...summarize(events, runs), program: programFacts(program), neededSteps };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The first run, which fills the arena, does not count. */
function summarize(events: readonly ProfileEvent[], runs: number): Pick<RunProfile, 'operators' | 'milliseconds'> {
  const whole = events.filter(({ name }) => name === 'model_run').slice(-runs);
  const seen = new Map<string, number>();
  const times = new Map<string, { operator: string; ranOn: OnnxDevice; nodes: Set<string>; microseconds: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || args?.op_name === undefined) continue;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const ranOn = args.provider?.startsWith('WebGpu') ? 'webgpu' : 'cpu';
    const key = `${args.op_name} ${ranOn}`;
    const entry = times.get(key) ?? { operator: args.op_name, ranOn, nodes: new Set(), microseconds: 0 };
    times.set(key, entry);
    entry.nodes.add(name);
    if (count > 1) entry.microseconds += dur;
  }
  const operators = [...times.values()].map(({ nodes, microseconds, ...rest }) => ({ ...rest, nodes: nodes.size, milliseconds: microseconds / 1000 / runs }));
  return {
    operators: operators.sort((a, b) => b.milliseconds - a.milliseconds),
    milliseconds: whole.reduce((sum, { dur }) => sum + dur, 0) / 1000 / runs,
  };
}
