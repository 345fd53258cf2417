import { turnBytes } from './loop-code.js';
import { webAssembly } from './web-assembly.js';

const pageBytes = 65536;
/** 4 GiB: what 32 bits point to. */
const mostPages = 65536;
/** Arrays begin where a line of the cache does, and have whole ones, which is what loops go through. */
const alignment = turnBytes;

/** A place in the heap. */
export interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/** Memory that loops work on: it grows as needed, and what is given back is used again for as much. */
export class Heap {
  /** All of it, as loops import it. */
  readonly memory = new (webAssembly().Memory)({ initial: 1, maximum: mostPages });
  readonly #free = new Map<number, Block[]>();
  #bytes = new DataView(this.memory.buffer);
  #top = 0;

  /** Bytes that there can be more. */
  get room(): number {
    return mostPages * pageBytes - this.#top;
  }

  /**
   * A place for so many float32; its contents are whatever they are.
   *
   * @throws Error where memory is exhausted.
   */
  allocate(size: number): Block {
    const bytes = Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / alignment) * alignment;
    const free = this.#free.get(bytes)?.pop();
    if (free) return free;
    const offset = this.#top;
    try {
      this.#reserve(offset + bytes);
    } catch (cause) {
      throw new Error(`could not allocate ${bytes} bytes for an update`, { cause });
    }
    this.#top += bytes;
    return { offset, bytes };
  }

  /** Gives a place back, to be used again for as much. */
  release(block: Block): void {
    const free = this.#free.get(block.bytes);
    if (free) free.push(block);
    else this.#free.set(block.bytes, [block]);
  }

  /** The first numbers of a block, for as long as the heap does not grow. */
  view({ offset }: Block, size: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#bytes.buffer, offset, size);
  }

  /** Its bytes, for as long as it does not grow. */
  get bytes(): DataView<ArrayBuffer> {
    return this.#bytes;
  }

  #reserve(bytes: number): void {
    const present = this.#bytes.byteLength;
    const missing = Math.ceil((bytes - present) / pageBytes);
    if (missing <= 0) return;
    // By a quarter at least: each growth makes all views anew.
    const ample = Math.ceil(present / 4 / pageBytes);
    try {
      this.memory.grow(Math.max(missing, ample));
    } catch {
      this.memory.grow(missing);
    }
    this.#bytes = new DataView(this.memory.buffer);
  }
}
