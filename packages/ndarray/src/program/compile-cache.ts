import type { Compiled, Engine } from '../engines/engine.js';
import { programOf, type Outline } from './program.js';

interface Entry {
  /** The numbers compiled in, by position; those of lifted positions do not matter. */
  readonly constants: readonly number[];
  /** Positions among the constants that are inputs. */
  readonly lifted: readonly number[];
  readonly compiled: Compiled;
}

/** A compiled program and the numbers to feed behind its leaves. */
export interface Ready {
  readonly compiled: Compiled;
  readonly liftedPositions: readonly number[];
}

/**
 * Compiled programs of one engine, least recently used first to go. A program that differs from a compiled one only in constants is
 * compiled once more with those constants as inputs, and that form serves from then on.
 */
export class CompileCache {
  readonly #entries = new Map<string, Entry>();
  /** How many programs were compiled so far. */
  compilations = 0;

  constructor(
    private readonly engine: Engine,
    private readonly capacity = 256,
  ) {}

  async find(outlined: Outline): Promise<Ready> {
    const { key, constants } = outlined;
    const known = this.#entries.get(key);
    const lifted = known ? liftedFor(known, outlined) : [];
    if (known && lifted.length === known.lifted.length) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return { compiled: known.compiled, liftedPositions: positionsOf(outlined, lifted) };
    }
    const liftedPositions = positionsOf(outlined, lifted);
    const compiled = await this.engine.compile(programOf(outlined, liftedPositions));
    this.compilations++;
    this.#entries.delete(key);
    this.#entries.set(key, { constants: constants.map(({ value }) => value), lifted, compiled });
    if (known) await known.compiled.release();
    if (this.#entries.size > this.capacity) {
      const [oldestKey, oldest] = this.#entries.entries().next().value!;
      this.#entries.delete(oldestKey);
      await oldest.compiled.release();
    }
    return { compiled, liftedPositions };
  }

  async clear(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ compiled }) => compiled.release()));
  }
}

function liftedFor(entry: Entry, { constants }: Outline): number[] {
  const lifted = new Set(entry.lifted);
  constants.forEach(({ value }, index) => {
    if (!Object.is(value, entry.constants[index])) lifted.add(index);
  });
  return [...lifted].sort((a, b) => a - b);
}

function positionsOf({ constants }: Outline, lifted: readonly number[]): number[] {
  return lifted.map((index) => constants[index]!.position);
}
