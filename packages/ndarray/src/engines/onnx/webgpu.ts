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

/** What the library says where a device fails in mid-run, and what helps. */
const failures: readonly { readonly says: RegExp; readonly wayOut: string }[] = [
  { says: /device.*(lost|destroyed)|(lost|destroyed).*device/i, wayOut: "; the WebGPU device is lost, and with it every array on it: choose an engine again, `await useEngine('onnx-web')` runs on the processor, and go on from the last checkpoint" },
  { says: /out of memory|exceeds the max|bad_alloc/i, wayOut: '; the device has no room for it: take a smaller batch, or use device \'cpu\'' },
];

/** What to do about a failure, to be put behind the library's own words; nothing where these are all there is to say. */
export function wayOut(message: string): string {
  return failures.find(({ says }) => says.test(message))?.wayOut ?? '';
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0]!;
}
