import type { InferenceSession, TensorConstructor, InferenceSessionFactory, Env } from 'onnxruntime-common';

/** The part of ONNX Runtime's JavaScript interface that both of its packages offer. */
export interface OnnxRuntime {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: InferenceSessionFactory;
  readonly env: Env;
}

export type SessionOptions = InferenceSession.SessionOptions;

/** Where ONNX Runtime can run our programs. */
export type OnnxDevice = 'cpu' | 'webgpu';

/** A loaded library and what it is. */
export interface LoadedRuntime {
  readonly runtime: OnnxRuntime;
  /** `onnxruntime-node` or `onnxruntime-web`. */
  readonly packageName: string;
  /** What it has to be told for every session. */
  readonly sessionOptions: SessionOptions;
}

/**
 * Each session has threads of its own, which go on looking for work for some milliseconds behind a run: as long, another session's threads have to share the
 * processors with them. Programs that take turns would take twice their time.
 */
const withoutIdling = { extra: { session: { force_spinning_stop: '1' } } };

/** @param provider the library's name for the device. */
function optionsFor(provider: string): SessionOptions {
  return { executionProviders: [provider], logSeverityLevel: 3 };
}

const packages = { native: 'onnxruntime-node', web: 'onnxruntime-web' } as const;

/** The native library; undefined where it is not installed or does not load on this machine. Bundlers for a page leave it out (`browser` in package.json). */
export async function loadNative(device: OnnxDevice): Promise<LoadedRuntime | undefined> {
  if (!runsInNode()) return undefined;
  try {
    const module: { default: OnnxRuntime } = await import('onnxruntime-node');
    return { runtime: module.default, packageName: packages.native, sessionOptions: { ...optionsFor(device), ...withoutIdling } };
  } catch {
    return undefined;
  }
}

// Of the builds for a page, the one for the processor alone is half as large.
const webBuilds: { readonly [D in OnnxDevice]: () => Promise<OnnxRuntime> } = {
  cpu: () => import('onnxruntime-web'),
  webgpu: () => import('onnxruntime-web/webgpu'),
};

/**
 * The WebAssembly library, which in a page also drives WebGPU.
 *
 * @throws Error with the line that installs it where it is missing.
 */
export async function loadWeb(device: OnnxDevice, threads: number): Promise<LoadedRuntime> {
  try {
    const runtime = await webBuilds[device]();
    runtime.env.wasm.numThreads = threads;
    return { runtime, packageName: packages.web, sessionOptions: optionsFor(device === 'cpu' ? 'wasm' : device) };
  } catch (cause) {
    throw new Error(`the onnx engine found neither ${packages.native} nor ${packages.web}; install one: npm install ${packages.web}`, { cause });
  }
}

/** How many threads a run may use unless told: one a processor. In a page they share memory, which only a cross-origin isolated one may. */
export function availableThreads(): number {
  if (runsInNode()) return process.getBuiltinModule('node:os').availableParallelism();
  const { navigator, crossOriginIsolated } = globalThis as { navigator?: { hardwareConcurrency?: number }; crossOriginIsolated?: boolean };
  return crossOriginIsolated ? navigator?.hardwareConcurrency ?? 1 : 1;
}

export function runsInNode(): boolean {
  return globalThis.process?.versions?.node !== undefined;
}
