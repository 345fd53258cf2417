import type { DType, TypedArray } from '../dtype.js';
import type { EngineBuffer } from '../engines/engine.js';
import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import type { Shape } from '../shape.js';

/** What a leaf holds: host memory, an engine's buffer, both, or nothing yet (a placeholder). */
export interface Storage {
  /** Memory on the host; for a `scalar` leaf, its number. */
  host?: TypedArray;
  buffer?: EngineBuffer | undefined;
  /** Of every value that stands on it; see `Value.claims`. */
  claims?: number;
  /** Whether its memory has been used for other numbers. */
  isGivenUp?: boolean;
}

/** How a pending value is to be computed: one primitive over operands. */
export interface Step<P extends Primitive = Primitive> {
  /** Which operation. */
  readonly primitive: P;
  /** What it is told beside its operands: axes, shapes, strides. */
  readonly attributes: PrimitiveAttributes[P];
  /** What it takes, in the primitive's order. */
  readonly operands: readonly Value[];
  /** Primitive and attributes as text: a part of keys, made once. */
  readonly text: string;
}

/** A use of something that was recorded once (see `Recorded`): its steps are made only where somebody looks at them. */
export interface Call {
  /** Equal for calls that compute the same of their operands. */
  readonly key: string;
  readonly operands: readonly Value[];
  /** In the order that keys count them in. */
  readonly results: readonly Value[];
  /** Gives every result that is still to be computed its step. */
  unfold(): void;
}

let lastId = 0;

/**
 * An immutable recorded result. While pending it knows the step that computes it; once computed (or given) it is a leaf with storage, and lets
 * go of its operands, so that nothing behind it stays in memory.
 */
export class Value {
  /** Counts values up from 1 in the order they were recorded: an operand's is smaller than its user's. Part of the keys by which equal steps are found. */
  readonly id = ++lastId;
  #step: Step | undefined;
  #call: Call | undefined;
  #claims = 0;
  /** Its numbers, once it is a leaf; undefined while it is pending. */
  storage: Storage | undefined;
  /** Whether a step computed it and has been let go of since: where it came from is forgotten. */
  isComputed = false;

  constructor(
    /** Lengths of the axes, outermost first. */
    readonly shape: Shape,
    /** Element type. */
    readonly dtype: DType,
    origin: { step: Step } | { storage: Storage } | { call: Call },
  ) {
    if ('step' in origin) this.#step = origin.step;
    else if ('call' in origin) this.#call = origin.call;
    else this.storage = origin.storage;
  }

  /** Whether it is still to be computed. */
  get isPending(): boolean {
    return this.#step !== undefined || this.#call !== undefined;
  }

  /** What computes it while it is pending; undefined for a leaf. Looking at it unfolds the call that it is a result of. */
  get step(): Step | undefined {
    this.#call?.unfold();
    return this.#step;
  }

  /** The call that it is a result of, while it is pending and nobody has looked at its step. */
  get call(): Call | undefined {
    return this.#call;
  }

  /** What it is computed of while it is pending, seen without unfolding a call. */
  get origins(): readonly Value[] {
    return (this.#call ?? this.#step)?.operands ?? [];
  }

  /** How many may ask for its numbers: one for each array that was given them by `assign`, without end where an array was made of it, or of what comes from it, that is not `transient`. */
  get claims(): number {
    return this.storage ? this.storage.claims ?? 0 : this.#claims;
  }

  /** Adds so many of those to the count. */
  claim(count: number): void {
    if (this.storage) this.storage.claims = this.claims + count;
    else this.#claims += count;
  }

  /** Puts the step that a call stands for in its place. */
  unfold(step: Step): void {
    this.#call = undefined;
    this.#step = step;
  }

  /** Makes a pending value a leaf with these numbers: it forgets the step that computed it. */
  settle(storage: Storage): void {
    storage.claims = (storage.claims ?? 0) + this.#claims;
    this.storage = storage;
    // Nothing is differentiated past an alias, so nothing about it is forgotten.
    this.isComputed = this.#step?.primitive !== 'alias';
    this.#step = undefined;
    this.#call = undefined;
  }
}
