import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';

interface IntLimits {
  /** The least value; none unless given. */
  readonly minimum?: number;
  /** The greatest value; none unless given. */
  readonly maximum?: number;
}

/**
 * A parameter that is a whole number: `"3"`, `"-1"`, Python 2's `"3L"`; `"2.0"` is none. Limits are inclusive; a number beyond, or another text, is a
 * RangeError.
 */
export function int(description: string, limits?: IntLimits): RequiredParameter<number>;
/** The same with a default: `fallback` where none is given. */
export function int(description: string, limits: IntLimits & { readonly fallback: number }): OptionalParameter<number>;
export function int(description: string, options: IntLimits & { readonly fallback?: number } = {}) {
  const { minimum = -Infinity, maximum = Infinity } = options;
  const kind = `int${minimum > -Infinity ? ` >= ${minimum}` : ''}${maximum < Infinity ? ` <= ${maximum}` : ''}`;
  return declare<number>({ kind, parse: (text) => parseInt32(text, kind, minimum, maximum), format: String }, description, options);
}

/** Reads one whole number within limits, as every kind made of numbers does. */
export function parseInt32(text: string, kind: string, minimum = -Infinity, maximum = Infinity): number {
  const digits = /^([+-]?\d+)[lL]?$/.exec(text.trim())?.[1];
  const value = Number(digits);
  if (digits === undefined || value < minimum || value > maximum) throw notAccepted(text, kind);
  return value;
}
