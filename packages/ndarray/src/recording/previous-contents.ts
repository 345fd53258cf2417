import type { Engine, EngineBuffer } from '../engines/engine.js';
import type { Storage, Value } from './value.js';

/**
 * What an array that is assigned to again and again held before. The contents that were replaced last stay until the next ones are computed: what was recorded
 * of them can be read as long. Those before are memory for the next ones, where nobody else may ask for them.
 */
export class PreviousContents {
  #last: Storage | undefined;
  #before: Storage | undefined;

  /** Notes that the array has been given others; of several times between two evaluations, the first counts. */
  replaced({ storage }: Value): void {
    this.#last ??= storage;
  }

  /**
   * Gives up the contents before the last and hands out their memory; undefined where they may be asked for, or are not this engine's alone.
   *
   * @param read what must stay: an evaluation is about to read it.
   */
  giveUp(engine: Engine, read: ReadonlySet<Storage | undefined>): EngineBuffer | undefined {
    const storage = this.#before;
    this.#before = undefined;
    if (storage?.buffer?.engine !== engine || read.has(storage) || !isOnlyIts(storage)) return undefined;
    const { buffer } = storage;
    delete storage.buffer;
    storage.isGivenUp = true;
    return buffer;
  }

  /** Notes that the present contents have been computed, by an engine that can use the memory of earlier ones, or not. */
  computed(usesSpares: boolean): void {
    this.#before = usesSpares && this.#last && isOnlyIts(this.#last) ? this.#last : undefined;
    this.#last = undefined;
  }
}

/** Whether nobody but one array may ask for the numbers. Those on the host may be the caller's own. */
function isOnlyIts(storage: Storage): boolean {
  return storage.buffer !== undefined && !storage.host && (storage.claims ?? 0) <= 1;
}
