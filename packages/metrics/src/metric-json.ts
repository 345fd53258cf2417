import type { MetricState } from './metric-definition.js';

type JsonNumber = number | string;

/** JSON has no NaN and no infinities: they travel as strings. */
export function encodeState(state: MetricState): Record<string, JsonNumber | JsonNumber[]> {
  return Object.fromEntries(
    Object.entries(state).map(([field, value]) => [field, typeof value === 'number' ? encodeNumber(value) : value.map(encodeNumber)]),
  );
}

/** Reads a state of the same fields as `like`; the text may come from anywhere, so every field is checked. */
export function decodeState(json: unknown, like: MetricState, what: string): MetricState {
  if (typeof json !== 'object' || json === null) throw new TypeError(`${what}: expected an object with ${Object.keys(like).join(', ')}; pass what toJSON gave`);
  const fields = json as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(like).map(([field, sample]) => {
      const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
      const where = `${what}: ${field}`;
      if (typeof sample === 'number') return [field, decodeNumber(value, where)];
      if (!Array.isArray(value)) throw new TypeError(`${where} is not a list of numbers; pass what toJSON gave`);
      return [field, value.map(item => decodeNumber(item, where))];
    }),
  );
}

const nonFinite: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY };

function encodeNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : String(value);
}

function decodeNumber(value: unknown, where: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && Object.hasOwn(nonFinite, value)) return nonFinite[value]!;
  throw new TypeError(`${where} is ${value === undefined ? 'missing' : JSON.stringify(value)}, not a number; pass what toJSON gave`);
}
