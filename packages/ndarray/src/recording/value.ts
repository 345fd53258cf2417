import type { DType, TypedArray } from '../dtype.js';
import type { EngineBuffer } from '../engines/engine.js';
import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import type { Shape } from '../shape.js';

/** What a leaf holds: host memory, an engine's buffer, both, or nothing yet (a placeholder). */
export interface Storage {
  /** Memory on the host; for a `scalar` leaf, its number. */
  host?: TypedArray;
  buffer?: EngineBuffer;
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

let lastId = 0;

/**
 * An immutable recorded result. While pending it knows the step that computes it; once computed (or given) it is a leaf with storage, and lets
 * go of its operands, so that nothing behind it stays in memory.
 */
export class Value {
  /** Counts values up from 1 in the order they were recorded: an operand's is smaller than its user's. Part of the keys by which equal steps are found. */
  readonly id = ++lastId;
  /** What computes it while it is pending; undefined for a leaf. */
  step: Step | undefined;
  /** Its numbers, once it is a leaf; undefined while it is pending. */
  storage: Storage | undefined;
  /** Whether a step computed it and has been let go of since: where it came from is forgotten. */
  isComputed = false;

  constructor(
    /** Lengths of the axes, outermost first. */
    readonly shape: Shape,
    /** Element type. */
    readonly dtype: DType,
    origin: { step: Step } | { storage: Storage },
  ) {
    if ('step' in origin) this.step = origin.step;
    else this.storage = origin.storage;
  }

  /** Makes a pending value a leaf with these numbers: it forgets the step that computed it. */
  settle(storage: Storage): void {
    this.storage = storage;
    // Nothing is differentiated past an alias, so nothing about it is forgotten.
    this.isComputed = this.step?.primitive !== 'alias';
    this.step = undefined;
  }
}
