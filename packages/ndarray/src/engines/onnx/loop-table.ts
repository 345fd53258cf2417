import type { Block, Heap } from '../loops/heap.js';
import type { Loop } from '../loops/loop.js';
import type { OnnxBuffer } from './onnx-buffer.js';

/** A loop's code: it takes where a table of entries lies, and how many there are. */
export type LoopFunction = (table: number, entries: number) => void;

/** A loop with its code. */
export interface PreparedLoop {
  readonly loop: Loop;
  readonly run: LoopFunction;
}

/** A loop with the places of what it is run over, among arrays that are told in each run. */
export interface PlacedLoop extends PreparedLoop {
  /** Slots of the arrays that it reads and, behind, of those that it writes, in its order. */
  readonly touched: readonly number[];
  /** Numbers it reads, or the slots where they are when it runs. */
  readonly numbers: readonly ({ readonly value: number } | { readonly slot: number })[];
}

/** What loops are told, entry behind entry, and the calls that run them: one for entries of one code that stand side by side. */
export class LoopTable {
  #end: number;
  readonly #calls: { readonly run: LoopFunction; readonly at: number; entries: number }[] = [];
  readonly #later: { readonly at: number; readonly slot: number }[] = [];

  /** @param block room for `entrySize` of each loop. */
  constructor(
    private readonly heap: Heap,
    private readonly block: Block,
  ) {
    this.#end = block.offset;
  }

  /**
   * Adds a loop over so many elements; tells whether all it touches lies in the heap.
   *
   * @param offsetOf where a slot's array lies; undefined outside the heap.
   */
  add({ run, touched, numbers }: PlacedLoop, size: number, offsetOf: (slot: number) => number | undefined): boolean {
    const { bytes } = this.heap;
    let at = this.#end;
    bytes.setUint32(at, size * Float32Array.BYTES_PER_ELEMENT, true);
    for (const slot of touched) {
      const offset = offsetOf(slot);
      if (offset === undefined) return false;
      bytes.setUint32((at += 4), offset, true);
    }
    for (const number of numbers) {
      at += 4;
      if ('value' in number) bytes.setFloat32(at, number.value, true);
      else this.#later.push({ at, slot: number.slot });
    }
    const call = this.#calls.at(-1);
    if (call?.run === run) call.entries++;
    else this.#calls.push({ run, at: this.#end, entries: 1 });
    this.#end = at + 4;
    return true;
  }

  /** Runs the loops that were added, and is empty then. */
  run(slots: readonly OnnxBuffer[]): void {
    for (const { at, slot } of this.#later) this.heap.bytes.setFloat32(at, (slots[slot]!.tensor.data as Float32Array)[0]!, true);
    for (const { run, at, entries } of this.#calls) run(at, entries);
    this.clear();
  }

  /** Forgets what was added. */
  clear(): void {
    this.#end = this.block.offset;
    this.#calls.length = 0;
    this.#later.length = 0;
  }
}
