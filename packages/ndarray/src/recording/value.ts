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

/** How a pending value is to be computed. */
export interface Step<P extends Primitive = Primitive> {
  readonly primitive: P;
  readonly attributes: PrimitiveAttributes[P];
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
  readonly id = ++lastId;
  step: Step | undefined;
  storage: Storage | undefined;
  /** Whether a step computed it and has been let go of since: where it came from is forgotten. */
  isComputed = false;

  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    origin: { step: Step } | { storage: Storage },
  ) {
    if ('step' in origin) this.step = origin.step;
    else this.storage = origin.storage;
  }

  /** Makes a pending value a leaf. */
  settle(storage: Storage): void {
    this.storage = storage;
    // Nothing is differentiated past an alias, so nothing about it is forgotten.
    this.isComputed = this.step?.primitive !== 'alias';
    this.step = undefined;
  }
}
