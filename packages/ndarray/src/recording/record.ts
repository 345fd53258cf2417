import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import { shapeRules, type Signature } from '../primitives/shape-rules.js';
import { Value, type Step } from './value.js';

/** Pending values by what computes them, so that equal sub-expressions are one value. */
let pendingByKey = new Map<string, Value>();

/** The most entries before the table starts anew: what is recorded and dropped without any evaluation must not pile up. */
const largestTable = 65_536;

/** What recording did, in steps. */
export interface RecordingCounts {
  /** Steps that were made. */
  readonly made: number;
  /** Steps asked for that were there already. */
  readonly equal: number;
  /** Operations on known numbers that were done while recording, and those that change nothing (x + 0, x · 1): neither leaves a step. */
  readonly folded: number;
}

export const recordingCounts = { made: 0, equal: 0, folded: 0 };

/** Forgets the table; called after an evaluation, whose results are leaves and need no sharing. */
export function forgetPending(): void {
  pendingByKey = new Map();
}

/** Primitive and attributes as text, different for different ones. Written out by hand: this runs for every recorded step. */
export function textOf(primitive: Primitive, attributes: object): string {
  if (attributes === plain) return primitive;
  let text: string = primitive;
  for (const name in attributes) {
    const value: unknown = attributes[name as keyof typeof attributes];
    // The one number whose text is another's.
    text += ` ${name}=${Object.is(value, -0) ? '-0' : String(value)}`;
  }
  return text;
}

/** Attributes of the primitives that have none: one object, so that its text is made once. */
export const plain = Object.freeze({});

/**
 * Records one primitive and returns its value, the same one for the same step while it is pending. Shape and element type of the result follow from
 * `shapeRules`.
 *
 * @throws RangeError where the operands do not fit the primitive.
 */
export function record<P extends Primitive>(primitive: P, attributes: PrimitiveAttributes[P], operands: readonly Value[]): Value {
  const text = textOf(primitive, attributes);
  let key = text;
  for (const operand of operands) key += `,${operand.id}`;
  const known = pendingByKey.get(key);
  if (known?.step) {
    recordingCounts.equal++;
    return known;
  }
  // An alias computes nothing.
  if (primitive !== 'alias') recordingCounts.made++;
  const rule = shapeRules[primitive] as (attributes: PrimitiveAttributes[P], operands: readonly Signature[], name: string) => Signature;
  const { shape, dtype } = rule(attributes, operands, primitive);
  const step: Step<P> = { primitive, attributes, operands, text };
  const value = new Value(shape, dtype, { step: step as unknown as Step });
  if (pendingByKey.size >= largestTable) forgetPending();
  pendingByKey.set(key, value);
  return value;
}
