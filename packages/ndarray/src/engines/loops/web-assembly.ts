/** Linear memory of a module. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError where there are none left. */
  grow(pages: number): number;
}

interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly host: { readonly memory: LinearMemory } }) => { readonly exports: { readonly run: unknown } };
}

/** What loops use of the language's WebAssembly, whose types come with those of pages alone. Throws where there is none, at the first use. */
export function webAssembly(): WebAssemblyInterface {
  return (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;
}
