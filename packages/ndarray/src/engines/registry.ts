import type { Engine } from './engine.js';

/** Options of an engine that is loaded by name. One that an engine does not have is passed over, unless said otherwise. */
export interface EngineOptions {
  /** `cpu` unless given; `webgpu` where `onnx` or `onnx-web` has an adapter; of `tfjs` what its back end runs on. Another is a RangeError. */
  readonly device?: string;
  /** Of engine `tfjs`: `node-gpu`, `node`, `webgpu`, `wasm` or `cpu`, else a RangeError; the best that is installed unless given. */
  readonly backend?: string;
  /** Threads of one run, at least 1; the engine's own choice unless given (ONNX Runtime: one a processor). */
  readonly threads?: number;
  /** Asks ONNX Runtime to write a profile of each run to files that start so. */
  readonly profile?: string;
}

type EngineLoader = (options: EngineOptions) => Promise<Engine>;

const loaders: { readonly [name: string]: EngineLoader } = {
  onnx: async (options) => (await import('./onnx/onnx-engine.js')).createOnnxEngine('onnx', options),
  'onnx-web': async (options) => (await import('./onnx/onnx-engine.js')).createOnnxEngine('onnx-web', options),
  tfjs: async (options) => (await import('./tfjs/tfjs-engine.js')).createTfjsEngine(options),
};

let current: Promise<Engine> | undefined;

/**
 * Makes an engine the one that runs everything from now on. Arrays of the engine before move over when they are next used.
 *
 * @param engine `onnx` (native library, else WebAssembly), `onnx-web` (WebAssembly), `tfjs` (TensorFlow.js), with a device or back end behind a colon
 * (`onnx:webgpu`, `tfjs:wasm`), or an engine that exists already: one of your own, or the one that `currentEngine` gave before.
 * @param options for an engine loaded by name.
 * @throws RangeError for a name no engine has, or a device or back end it does not have; Error with the line that installs it where its library is missing.
 * The engine before then stays.
 */
export function useEngine(engine: string | Engine, options: EngineOptions = {}): Promise<Engine> {
  const loading = typeof engine === 'string' ? loadEngine(engine, options) : Promise.resolve(engine);
  const before = current;
  current = loading;
  // A failed choice must not stay: the next read would fail for a reason named long ago.
  loading.catch(() => {
    if (current === loading) current = before;
  });
  return loading;
}

async function loadEngine(text: string, options: EngineOptions): Promise<Engine> {
  const [name, variant] = text.split(':', 2) as [string, string?];
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!load) throw new RangeError(`there is no engine '${name}'; choose ${Object.keys(loaders).join(', ')}`);
  return load(variant === undefined ? options : { ...options, [name === 'tfjs' ? 'backend' : 'device']: variant });
}

/** The engine in use; the first use loads the one that the environment variable `LOSSWORKS_ENGINE` names, `onnx` unless set. Rejects as `useEngine` does. */
export function currentEngine(): Promise<Engine> {
  return current ?? useEngine(globalThis.process?.env?.['LOSSWORKS_ENGINE'] || 'onnx');
}
