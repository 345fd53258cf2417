import type { Engine, EngineBuffer } from '../engines/engine.js';
import type { Storage, Value } from './value.js';

/**
 * What an array that is assigned to again and again held before. The contents that were replaced last stay until the next ones are computed: what was recorded
 * of them can be read as long; unless the array promises otherwise, then the next ones may be written over them. Those before are memory for the next ones,
 * where nobody else may ask for them.
 */
export class PreviousContents {
  #last: Storage | undefined;
  #before: Storage | undefined;
  /** Whether nobody asks for the last contents once the next ones are computed. */
  #endsWithNext = true;
  #overwritten: Storage | undefined;

  /** The present contents where others are to be computed for the array. */
  get last(): Storage | undefined {
    return this.#last;
  }

  /**
   * Notes that the array has been given others; of several times between two evaluations, the first counts.
   *
   * @param endsWithNext whether nobody asks for the contents once the next ones are computed.
   */
  replaced({ storage }: Value, endsWithNext = false): void {
    this.#last ??= storage;
    this.#endsWithNext &&= endsWithNext;
  }

  /** Memory of the last contents, for the next ones to be written over them; undefined where somebody may ask for them, or they are not this engine's alone. */
  overwrite(engine: Engine): EngineBuffer | undefined {
    const storage = this.#last;
    if (!this.#endsWithNext || storage?.buffer?.engine !== engine || !isOnlyIts(storage)) return undefined;
    // Given up once the next ones are there: where they cannot be computed, these stay.
    this.#overwritten = storage;
    return storage.buffer;
  }

  /**
   * Gives up the contents before the last and hands out their memory; undefined where they may be asked for, or are not this engine's alone.
   *
   * @param read what must stay, by its storage: an evaluation is about to read it.
   */
  giveUp(engine: Engine, read: ReadonlyMap<Storage | undefined, unknown>): EngineBuffer | undefined {
    const storage = this.#before;
    this.#before = undefined;
    if (storage?.buffer?.engine !== engine || read.has(storage) || !isOnlyIts(storage)) return undefined;
    return takeBuffer(storage);
  }

  /** Notes that the present contents have been computed, by an engine that can use the memory of earlier ones, or not. */
  computed(usesSpares: boolean): void {
    if (this.#overwritten) takeBuffer(this.#overwritten);
    this.#before = usesSpares && this.#last && isOnlyIts(this.#last) ? this.#last : undefined;
    this.#last = undefined;
    this.#overwritten = undefined;
    this.#endsWithNext = true;
  }
}

function takeBuffer(storage: Storage): EngineBuffer | undefined {
  const { buffer } = storage;
  storage.buffer = undefined;
  storage.isGivenUp = true;
  return buffer;
}

/** Whether nobody but one array may ask for the numbers. Those on the host may be the caller's own. */
function isOnlyIts(storage: Storage): boolean {
  return storage.buffer !== undefined && !storage.host && (storage.claims ?? 0) <= 1;
}
