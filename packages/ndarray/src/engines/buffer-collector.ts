import type { EngineBuffer } from './engine.js';

/** What may be allocated beside what was alive at the last collection, before the next one. */
const slack = { bytes: 256 * 2 ** 20, buffers: 1024 };

interface Held {
  readonly bytes: number;
  readonly buffers: number;
  readonly release: () => void;
}

/**
 * Frees memory that JavaScript's collector cannot see, once nobody refers to the buffers over it. The collector comes late where it sees little
 * garbage, so it is called whenever twice what was needed has piled up.
 */
export class BufferCollector {
  readonly #registry = new FinalizationRegistry<Held>((held) => this.#drop(held));
  #alive = { bytes: 0, buffers: 0 };
  #limit = slack;

  /** Calls `release` when the buffer is gone. */
  adopt(buffer: EngineBuffer, bytes: number, release: () => void): void {
    this.#alive = { bytes: this.#alive.bytes + bytes, buffers: this.#alive.buffers + 1 };
    this.#registry.register(buffer, { bytes, buffers: 1, release }, buffer);
  }

  /** Frees a buffer's memory now; once only. */
  free(buffer: EngineBuffer, bytes: number, release: () => void): void {
    if (this.#registry.unregister(buffer)) this.#drop({ bytes, buffers: 1, release });
  }

  /** To be awaited before a run. Seldom does anything. */
  async collectWhenDue(): Promise<void> {
    if (this.#alive.bytes <= this.#limit.bytes && this.#alive.buffers <= this.#limit.buffers) return;
    const collect = await collectorOf();
    let cleared = false;
    this.#registry.register({}, { bytes: 0, buffers: 0, release: () => (cleared = true) });
    collect();
    // What was registered is called in a turn of the event loop of its own, all of it in one.
    for (let turn = 0; turn < 10 && !cleared; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    this.#limit = { bytes: 2 * this.#alive.bytes + slack.bytes, buffers: 2 * this.#alive.buffers + slack.buffers };
  }

  #drop({ bytes, buffers, release }: Held): void {
    this.#alive = { bytes: this.#alive.bytes - bytes, buffers: this.#alive.buffers - buffers };
    release();
  }
}

let collect: Promise<() => void> | undefined;

/** The collector's own entrance: Node opens it on demand; a browser's stays shut, and a large allocation that is dropped at once has to do. */
function collectorOf(): Promise<() => void> {
  return (collect ??= (async () => {
    const { gc } = globalThis as { gc?: () => void };
    if (gc) return gc;
    if (!globalThis.process?.versions?.node) return () => void new ArrayBuffer(slack.bytes);
    const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')]);
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  })());
}
