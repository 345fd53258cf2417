import type { Placement, Rates, StepReport, View } from './trainer.js';

/** Where the page would like to compute. `auto` takes WebGPU where there is a graphics card behind it. */
export const devices = ['auto', 'webgpu', 'wasm'] as const;
export type DeviceWish = (typeof devices)[number];

/** What the page tells the worker that trains. */
export type Command =
  | { readonly kind: 'start'; readonly digits: string; readonly rates: Rates; readonly device: DeviceWish; readonly batchSize: number }
  | { readonly kind: 'run'; readonly running: boolean }
  | { readonly kind: 'step' }
  | { readonly kind: 'rates'; readonly rates: Rates }
  | { readonly kind: 'startOver' }
  /** 28 × 28 bytes, 255 for ink; null once there is nothing to place. */
  | { readonly kind: 'place'; readonly image: Uint8Array | null };

/** What the worker tells the page. */
export type Report =
  /** An engine runs; once more after a change of engine. `note` says why it is not the better one. */
  | { readonly kind: 'engine'; readonly name: string; readonly note: string | undefined }
  | { readonly kind: 'digits'; readonly images: Uint8Array; readonly labels: Float32Array }
  | { readonly kind: 'step'; readonly step: number; readonly report: StepReport; readonly milliseconds: number; readonly compilations: number }
  | { readonly kind: 'view'; readonly step: number; readonly view: View }
  | { readonly kind: 'placed'; readonly placement: Placement }
  /** Nothing goes on. */
  | { readonly kind: 'failed'; readonly message: string };
