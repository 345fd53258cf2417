import type { Compiled, Engine } from '../engines/engine.js';
import type { Value } from '../recording/value.js';
import { numberOf, programOf, type Outline, type Program } from './program.js';

interface Entry {
  /** The numbers compiled in; those of lifted constants do not matter. */
  readonly constants: readonly number[];
  /** Which constants are inputs. */
  readonly lifted: readonly number[];
  readonly compiled: Compiled;
}

/** A compiled program and the constants to feed behind its leaves. */
export interface Ready {
  readonly compiled: Compiled;
  readonly lifted: readonly Value[];
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

  /** @param replaced see `Program`; by root. */
  async find(outlined: Outline, replaced?: Program['replaced']): Promise<Ready> {
    const { constants } = outlined;
    const key = `${outlined.key}\n${replaced?.join() ?? ''}`;
    const known = this.#entries.get(key);
    const lifted = known ? liftedFor(known, outlined) : [];
    const liftedValues = lifted.map((index) => constants[index]!);
    if (known && lifted.length === known.lifted.length) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return { compiled: known.compiled, lifted: liftedValues };
    }
    const compiled = await this.engine.compile(programOf(outlined, liftedValues, replaced));
    this.compilations++;
    this.#entries.delete(key);
    this.#entries.set(key, { constants: constants.map(numberOf), lifted, compiled });
    if (known) await known.compiled.release();
    if (this.#entries.size > this.capacity) {
      const [oldestKey, oldest] = this.#entries.entries().next().value!;
      this.#entries.delete(oldestKey);
      await oldest.compiled.release();
    }
    return { compiled, lifted: liftedValues };
  }

  async clear(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ compiled }) => compiled.release()));
  }
}

function liftedFor(entry: Entry, { constants }: Outline): number[] {
  const lifted = new Set(entry.lifted);
  constants.forEach((constant, index) => {
    if (!Object.is(numberOf(constant), entry.constants[index])) lifted.add(index);
  });
  return [...lifted].sort((a, b) => a - b);
}
