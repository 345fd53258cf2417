import { writeModel } from './model-writer.js';
import { runsInNode, type LoadedRuntime, type SessionOptions } from './runtime.js';

/**
 * Makes sure that programs can run on WebGPU here.
 *
 * @throws Error naming what is missing and the way out.
 */
export async function requireWebGpu(engine: string, { runtime, packageName }: LoadedRuntime, options: SessionOptions): Promise<void> {
  const fail = (reason: string, cause?: unknown): never => {
    throw new Error(`engine ${engine} (${packageName}) finds no WebGPU: ${reason}, or use device 'cpu'`, { cause });
  };
  if (!runsInNode() && !(globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu) fail('this browser, or a page that is not served over https or from localhost, does not offer it; take another browser or address');
  if (runsInNode() && packageName === 'onnxruntime-web') fail(`Node offers it through the native package alone; npm install onnxruntime-node`);
  const smallest = writeModel({ nodes: [{ type: 'Neg', inputs: ['x'], outputs: ['y'], attributes: {} }], initializers: [], inputs: [{ name: 'x', type: 'float32', shape: [1] }], outputs: [{ name: 'y', type: 'float32', shape: [1] }] });
  try {
    const session = await runtime.InferenceSession.create(smallest, options);
    await session.release();
  } catch (cause) {
    fail(`the system gives no graphics adapter (${firstLine(cause)}); install a driver for Vulkan, Metal or Direct3D 12`, cause);
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0]!;
}
