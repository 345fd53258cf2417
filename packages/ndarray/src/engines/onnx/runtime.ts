import type { InferenceSession, TensorConstructor, InferenceSessionFactory, Env } from 'onnxruntime-common';

/** The part of ONNX Runtime's JavaScript interface that both of its packages offer. */
export interface OnnxRuntime {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: InferenceSessionFactory;
  readonly env: Env;
}

export type SessionOptions = InferenceSession.SessionOptions;

/** A loaded library and what it is. */
export interface LoadedRuntime {
  readonly runtime: OnnxRuntime;
  /** `onnxruntime-node` or `onnxruntime-web`. */
  readonly packageName: string;
  readonly provider: string;
}

const packages = { native: 'onnxruntime-node', web: 'onnxruntime-web' } as const;

/** The native library; undefined where it is not installed or does not load on this machine. */
export async function loadNative(): Promise<LoadedRuntime | undefined> {
  if (!globalThis.process?.versions?.node) return undefined;
  try {
    const module: { default: OnnxRuntime } = await import('onnxruntime-node');
    return { runtime: module.default, packageName: packages.native, provider: 'cpu' };
  } catch {
    return undefined;
  }
}

/**
 * The WebAssembly library.
 *
 * @throws Error with the line that installs it where it is missing.
 */
export async function loadWeb(threads: number): Promise<LoadedRuntime> {
  try {
    const runtime: OnnxRuntime = await import('onnxruntime-web');
    runtime.env.wasm.numThreads = threads;
    return { runtime, packageName: packages.web, provider: 'wasm' };
  } catch (cause) {
    throw new Error(`the onnx engine found neither ${packages.native} nor ${packages.web}; install one: npm install ${packages.web}`, { cause });
  }
}
