import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';
import { parseInt32 } from './int.js';

type Numbers = readonly number[];

interface TupleLimits {
  /** The least value of an entry; none unless given. */
  readonly minimum?: number;
}

/**
 * A parameter of whole numbers: `"(2, 2)"`, `"[2,2]"`, `"(2,)"`, `"()"`, Python 2's `"(2L, 2L)"`; a bare `"2"` has one entry. Other texts are a RangeError.
 */
export function tuple(description: string, limits?: TupleLimits): RequiredParameter<Numbers>;
/** The same with a default: `fallback` where none is given. */
export function tuple(description: string, limits: TupleLimits & { readonly fallback: Numbers }): OptionalParameter<Numbers>;
export function tuple(description: string, options: TupleLimits & { readonly fallback?: Numbers } = {}) {
  const { minimum = -Infinity } = options;
  const kind = `tuple of int${minimum > -Infinity ? ` >= ${minimum}` : ''}`;
  return declare<Numbers>({ kind, parse: (text) => entriesOf(text, kind).map((entry) => parseInt32(entry, kind, minimum)), format: formatTuple }, description, options);
}

/** `tuple`, where an entry may be left open: `"(None, 3)"`, null. */
export function openTuple(description: string): RequiredParameter<readonly (number | null)[]>;
/** The same with a default: `fallback` where none is given. */
export function openTuple(description: string, options: { readonly fallback: readonly (number | null)[] }): OptionalParameter<readonly (number | null)[]>;
export function openTuple(description: string, options: { readonly fallback?: readonly (number | null)[] } = {}) {
  const kind = 'tuple of int or None';
  const parse = (text: string) => entriesOf(text, kind).map((entry) => (entry === 'None' ? null : parseInt32(entry, kind)));
  return declare<readonly (number | null)[]>({ kind, parse, format: formatTuple }, description, options);
}

/**
 * A parameter that names axes of a reduction: one, several, or all of them (`"()"`, `"None"`), as when not given. Parsed to a list, null for all; other texts
 * are a RangeError.
 */
export function axes(description: string): OptionalParameter<number | Numbers | null> {
  const kind = 'int, tuple of int or ()';
  const parse = (text: string) => {
    const list = text === 'None' ? [] : entriesOf(text, kind).map((entry) => parseInt32(entry, kind));
    return list.length === 0 ? null : list;
  };
  const format = (value: number | Numbers | null) => (value === null ? '()' : typeof value === 'number' ? String(value) : formatTuple(value));
  return declare<number | Numbers | null>({ kind, parse, format }, description, { fallback: null });
}

/** `(2, 2)`, `(2,)`, `()`. */
export function formatTuple(values: readonly (number | null)[] | number): string {
  const entries = (typeof values === 'number' ? [values] : values).map((value) => (value === null ? 'None' : String(value)));
  return entries.length === 1 ? `(${entries[0]},)` : `(${entries.join(', ')})`;
}

/** Reads a shape attribute such as `__shape__`. */
export function parseTuple(text: string): number[] {
  return entriesOf(text.trim(), 'tuple of int').map((entry) => parseInt32(entry, 'tuple of int'));
}

function entriesOf(text: string, kind: string): string[] {
  const inside = /^\((.*)\)$/s.exec(text)?.[1] ?? /^\[(.*)\]$/s.exec(text)?.[1] ?? (/[()[\],]/.test(text) ? undefined : text);
  if (inside === undefined) throw notAccepted(text, kind);
  const entries = inside.split(',').map((entry) => entry.trim());
  if (entries.at(-1) === '') entries.pop();
  if (entries.includes('')) throw notAccepted(text, kind);
  return entries;
}
