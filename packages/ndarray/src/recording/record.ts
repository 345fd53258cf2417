import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import { shapeRules, type Signature } from '../primitives/shape-rules.js';
import { Value, type Step } from './value.js';

/** Pending values by what computes them, so that equal sub-expressions are one value. Weak: dropped expressions are collected. */
let pendingByKey = new Map<string, WeakRef<Value>>();

/** Forgets the table; called after an evaluation, whose results are leaves and need no sharing. */
export function forgetPending(): void {
  pendingByKey = new Map();
}

const attributeTexts = new WeakMap<object, string>();

/** JSON writes infinities and NaN as null, and −0 as 0: values that differ must not share a text. */
function exactNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return Object.is(value, -0) ? '-0' : String(value);
}

function textOf(primitive: Primitive, attributes: object): string {
  let text = attributeTexts.get(attributes);
  if (text === undefined) {
    text = JSON.stringify(attributes, exactNumber);
    attributeTexts.set(attributes, text);
  }
  return `${primitive}${text}`;
}

/** Attributes of the primitives that have none: one object, so that its text is made once. */
export const plain = Object.freeze({});

/**
 * Records one primitive and returns its value, the same one for the same step while it is pending. Shapes and element types are checked here.
 *
 * @throws RangeError where the operands do not fit the primitive.
 */
export function record<P extends Primitive>(primitive: P, attributes: PrimitiveAttributes[P], operands: readonly Value[]): Value {
  const text = textOf(primitive, attributes);
  let key = text;
  for (const operand of operands) key += `,${operand.id}`;
  const known = pendingByKey.get(key)?.deref();
  if (known?.step) return known;
  const rule = shapeRules[primitive] as (attributes: PrimitiveAttributes[P], operands: readonly Signature[], name: string) => Signature;
  const { shape, dtype } = rule(attributes, operands, primitive);
  const step: Step<P> = { primitive, attributes, operands, text };
  const value = new Value(shape, dtype, { step: step as unknown as Step });
  pendingByKey.set(key, new WeakRef(value));
  return value;
}
