import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import type { Signature } from '@lossworks/ndarray/internal';
import type { Tolerance } from '../compare.js';

/** An operand with its numbers, all of them float32 numbers. */
export interface SampleOperand extends Signature {
  readonly data: readonly number[];
}

/** One call of a primitive that every check is made with. */
export interface Sample<Attributes> {
  readonly name: string;
  readonly attributes: Attributes;
  readonly operands: readonly SampleOperand[];
  /**
   * Where finite differences say nothing: `unchecked`, or what the gradients are for a head gradient of ones, one list an operand (null for
   * operands that get none).
   */
  readonly gradients?: 'unchecked' | readonly (readonly number[] | null)[];
}

/** A call that must be refused. */
export interface Refusal<Attributes> {
  readonly name: string;
  readonly attributes: Attributes;
  readonly operands: readonly Signature[];
  /** What the text of the error must contain: what was given, and what it is compared with. */
  readonly says: readonly string[];
}

/** Everything the tests know about a primitive. */
export interface Info<Attributes> {
  readonly samples: readonly Sample<Attributes>[];
  /** Empty only for primitives that take anything. */
  readonly errors: readonly Refusal<Attributes>[];
  /** `singlePrecision` unless told. */
  readonly tolerance?: Tolerance;
}

// By attributes inside, so that primitives without any share their rows.
export type PrimitiveSample<P extends Primitive> = Sample<PrimitiveAttributes[P]>;
export type PrimitiveError<P extends Primitive> = Refusal<PrimitiveAttributes[P]>;
export type PrimitiveInfo<P extends Primitive> = Info<PrimitiveAttributes[P]>;
