import { existsSync } from 'node:fs';
import { useEngine, type Engine } from '@lossworks/ndarray';

/** Where Debian's Chromium puts a Vulkan driver that computes on the processor: an adapter for machines without a graphics card. */
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The onnx engine on WebGPU, on the processor where there is no card; or why there is none. */
export async function startWebGpu(): Promise<Engine | string> {
  // The system's loader reads it when the first adapter is asked for.
  if (existsSync(softwareDriver)) process.env['VK_ICD_FILENAMES'] ??= softwareDriver;
  try {
    return await useEngine('onnx', { device: 'webgpu' });
  } catch (error) {
    return (error as Error).message;
  }
}
