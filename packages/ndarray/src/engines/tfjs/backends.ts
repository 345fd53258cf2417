/** TensorFlow.js's interface: `@tensorflow/tfjs-core`, or a package that gives it on. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

export interface LoadedBackend {
  readonly tf: TensorFlow;
  /** Whether there is a kernel of that name that computes what it should. */
  readonly hasKernel: (kernel: string) => boolean;
  /** The engine's name for it: `node`, `wasm` … */
  readonly name: BackendName;
  /** TensorFlow.js's. */
  readonly registeredName: string;
  readonly packageName: string;
  readonly device: string;
}

export type BackendName = 'node-gpu' | 'node' | 'webgpu' | 'wasm' | 'cpu';

interface Backend {
  readonly registeredName: string;
  /** What brings it, as it is installed. */
  readonly packages: readonly string[];
  /** What runs the kernels. Throws where that is not there. */
  readonly deviceOf: (tf: TensorFlow) => string;
  /** Kernels that compute something else than they should, in version 4.22. */
  readonly wrong?: readonly string[];
  readonly load: (threads: number | undefined) => Promise<TensorFlow>;
}

const core = '@tensorflow/tfjs-core';

/** The best first. */
export const backends: { readonly [B in BackendName]: Backend } = {
  'node-gpu': { registeredName: 'tensorflow', packages: ['@tensorflow/tfjs-node-gpu'], deviceOf: requireCuda, load: (threads) => loadNodePackage('@tensorflow/tfjs-node-gpu', threads) },
  node: { registeredName: 'tensorflow', packages: ['@tensorflow/tfjs-node'], deviceOf: () => 'cpu', load: (threads) => loadNodePackage('@tensorflow/tfjs-node', threads) },
  webgpu: {
    registeredName: 'webgpu', packages: [core, '@tensorflow/tfjs-backend-webgpu'], deviceOf: () => 'webgpu',
    load: async () => {
      if (!(globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu) throw new Error('there is no WebGPU here (no navigator.gpu): use a browser that has it, or another back end');
      const tf = await loadCore();
      await import('@tensorflow/tfjs-backend-webgpu');
      return tf;
    },
  },
  wasm: {
    registeredName: 'wasm', packages: [core, '@tensorflow/tfjs-backend-wasm'], deviceOf: () => 'cpu',
    // They add to memory that nobody cleared, or give a window's gradient to another place than the first maximum.
    wrong: ['MaxPoolGrad', 'MaxPool3DGrad', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    load: async (threads) => {
      const tf = await loadCore();
      const wasm = unwrap(await import('@tensorflow/tfjs-backend-wasm'));
      if (threads !== undefined) wasm.setThreadsCount(threads);
      return tf;
    },
  },
  cpu: {
    registeredName: 'cpu', packages: [core, '@tensorflow/tfjs-backend-cpu'], deviceOf: () => 'cpu',
    load: async () => {
      const tf = await loadCore();
      await import('@tensorflow/tfjs-backend-cpu');
      return tf;
    },
  },
};

export function isBackendName(name: string): name is BackendName {
  return Object.hasOwn(backends, name);
}

/** The line that installs a back end. */
export function installLine(name: BackendName): string {
  return `npm install ${backends[name].packages.join(' ')}`;
}

/**
 * Loads a back end and starts it.
 *
 * @throws Error with the line that installs it where a package is missing, and with the reason where it does not start.
 */
export async function loadBackend(name: BackendName, threads?: number): Promise<LoadedBackend> {
  const { registeredName, packages, deviceOf, load, wrong = [] } = backends[name];
  let tf: TensorFlow;
  try {
    tf = await load(threads);
  } catch (cause) {
    if (/native addon/.test(firstLine(cause))) throw new Error(`the tfjs back end '${name}' has no native library: its install script did not run or its download failed; run it again: npm rebuild ${packages[0]!}, or build it (README, Engines)`, { cause });
    if (!isMissing(cause)) throw new Error(`the tfjs back end '${name}' does not load: ${firstLine(cause)}`, { cause });
    throw new Error(`the tfjs back end '${name}' is not installed; install it: ${installLine(name)}`, { cause });
  }
  if (!(await tf.setBackend(registeredName))) throw new Error(`the tfjs back end '${name}' (${packages.at(-1)}) does not start on this machine; choose another: ${Object.keys(backends).join(', ')}`);
  await tf.ready();
  const hasKernel = (kernel: string): boolean => !wrong.includes(kernel) && tf.getKernel(kernel, registeredName) !== undefined;
  return { tf, hasKernel, name, registeredName, packageName: packages.at(-1)!, device: deviceOf(tf) };
}

/**
 * The best back end that loads.
 *
 * @throws Error that tells for each why not.
 */
export async function loadBestBackend(threads?: number): Promise<LoadedBackend> {
  const reasons: string[] = [];
  for (const name of Object.keys(backends) as BackendName[]) {
    try {
      return await loadBackend(name, threads);
    } catch (error) {
      reasons.push(firstLine(error));
    }
  }
  throw new Error(`the tfjs engine found no back end; install one: ${installLine('wasm')}\n  ${reasons.join('\n  ')}`);
}

async function loadCore(): Promise<TensorFlow> {
  return unwrap(await import('@tensorflow/tfjs-core'));
}

/** CommonJS packages have their names behind `default` in Node, ES modules in a page have none. */
function unwrap<Module extends object>(module: Module): Module {
  return 'default' in module ? (module.default as Module) : module;
}

/**
 * TensorFlow's native library for Node: from the folder that LOSSWORKS_TFJS_NODE names, from where this package is installed, or from the working folder.
 * Its threads are counted when it is first loaded.
 */
async function loadNodePackage(packageName: string, threads: number | undefined): Promise<TensorFlow> {
  const { env, versions, cwd } = globalThis.process ?? {};
  if (!versions?.node) throw new Error(`${packageName} runs in Node alone`);
  const { createRequire } = await import('node:module');
  if (threads !== undefined) for (const name of ['OMP_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS']) env![name] ??= String(threads);
  // TensorFlow tells of every CPU feature it could use.
  env!['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const folders = [env!['LOSSWORKS_TFJS_NODE'], import.meta.url, cwd!()].filter((folder) => folder);
  const roots = folders.map((folder) => createRequire(folder!.startsWith('file:') ? folder! : `${folder}/`));
  const root = roots.find((require) => resolves(require, packageName));
  if (!root) throw Object.assign(new Error(`Cannot find package '${packageName}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  mendNodeUtilities(root('node:util') as object);
  return root(packageName) as TensorFlow;
}

function resolves(require: NodeJS.Require, packageName: string): boolean {
  try {
    require.resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** tfjs-node 4.22 calls functions of node:util that Node 23 has no more. */
function mendNodeUtilities(utilities: { isNullOrUndefined?: unknown; isArray?: unknown }): void {
  utilities.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  utilities.isArray ??= Array.isArray;
}

function requireCuda(tf: TensorFlow): string {
  if ((tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice) return 'cuda';
  throw new Error("the tfjs back end 'node-gpu' finds no CUDA device on this machine: see that nvidia-smi lists one and that the library was built for its CUDA, or use backend 'node'");
}

function isMissing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || /Could not resolve|Failed to resolve/.test(message ?? '');
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
