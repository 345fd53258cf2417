import { createRequire } from 'node:module';
import { array, type DType, type NDArray } from '@lossworks/ndarray';

interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  readonly type: string;
}

interface Session {
  readonly inputNames: readonly string[];
  run(feeds: { readonly [input: string]: Tensor }): Promise<{ readonly [output: string]: Tensor }>;
  release(): Promise<void>;
}

interface Runtime {
  readonly InferenceSession: { create(file: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: string, data: ArrayBufferView, dims: readonly number[]) => Tensor;
}

/** The library itself, as anybody who was given a file would use it: native where it is installed, else WebAssembly. */
async function plainRuntime(): Promise<Runtime> {
  const require = createRequire(new URL('../../ndarray/package.json', import.meta.url));
  try {
    return require('onnxruntime-node') as Runtime;
  } catch {
    return require('onnxruntime-web') as Runtime;
  }
}

/** Runs an ONNX file on arrays by input name. */
export async function runOnnxFile(file: Uint8Array, feeds: { readonly [input: string]: NDArray }): Promise<{ readonly inputs: readonly string[]; readonly outputs: { readonly [output: string]: NDArray } }> {
  const { InferenceSession, Tensor } = await plainRuntime();
  const session = await InferenceSession.create(file);
  const given = await Promise.all(session.inputNames.map(async (name) => {
    const feed = feeds[name];
    if (!feed) throw new Error(`the file wants ${name}, of which the test has no numbers`);
    return [name, new Tensor(feed.dtype, await feed.data(), [...feed.shape])] as const;
  }));
  const results = await session.run(Object.fromEntries(given));
  const outputs = Object.entries(results).map(([name, { data, dims, type }]) => [name, array(data, { shape: dims, dtype: type as DType })] as const);
  await session.release();
  return { inputs: session.inputNames, outputs: Object.fromEntries(outputs) };
}
