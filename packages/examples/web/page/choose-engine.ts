import { useEngine } from '@lossworks/ndarray';
import type { DeviceWish } from '../src/messages.js';

/** An engine that runs, and how to say so. */
export interface ChosenEngine {
  readonly device: 'webgpu' | 'cpu';
  readonly name: string;
  /** Why it is not the better one. */
  readonly note: string | undefined;
}

/** WebGPU where it is there and wanted, else WebAssembly with as many threads as the page may have. */
export async function chooseEngine(wish: DeviceWish): Promise<ChosenEngine> {
  let note: string | undefined;
  if (wish === 'webgpu' || (wish === 'auto' && (await hasGraphicsCard()))) {
    try {
      await useEngine('onnx-web', { device: 'webgpu' });
      return { device: 'webgpu', name: 'WebGPU', note: undefined };
    } catch (error) {
      note = (error as Error).message;
    }
  }
  // Beyond a few threads this network does not become faster.
  const threads = crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1;
  await useEngine('onnx-web', { threads });
  if (!crossOriginIsolated) note ??= 'One thread: this page is not cross-origin isolated. Serve it with `pnpm example web`, or send the two headers its README names.';
  return { device: 'cpu', name: `WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`, note };
}

/** Whether there is an adapter that is not the processor in disguise: that is slower than WebAssembly. */
async function hasGraphicsCard(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? !adapter.info.isFallbackAdapter : false;
}
