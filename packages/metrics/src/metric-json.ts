import type { MetricDefinition, MetricField, MetricState } from './metric-definition.js';

type JsonField = number | string | JsonField[];

/** JSON has no NaN and no infinities: they travel as strings. */
export function encodeState(state: MetricState): Record<string, JsonField> {
  return Object.fromEntries(Object.entries(state).map(([field, value]) => [field, encode(value)]));
}

/** Reads a state of a definition; the text may come from anywhere, so every field is checked. */
export function decodeState(json: unknown, { initial, depths = {} }: Pick<MetricDefinition, 'initial' | 'depths'>, what: string): MetricState {
  const like = initial();
  if (typeof json !== 'object' || json === null) throw new TypeError(`${what}: expected an object with ${Object.keys(like).join(', ')}; pass what toJSON gave`);
  return Object.fromEntries(
    Object.entries(like).map(([field, sample]) => {
      const value: unknown = Object.hasOwn(json, field) ? json[field as keyof typeof json] : undefined;
      return [field, decode(value, typeof sample === 'number' ? 0 : (depths[field] ?? 1), `${what}: ${field}`)];
    }),
  );
}

const nonFinite: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY };

function encode(value: MetricField): JsonField {
  return typeof value !== 'number' ? value.map(encode) : Number.isFinite(value) ? value : String(value);
}

function decode(value: unknown, depth: number, where: string): MetricField {
  if (depth > 0) {
    if (!Array.isArray(value)) throw new TypeError(`${where} is not a list; pass what toJSON gave`);
    return value.map(item => decode(item, depth - 1, where));
  }
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && Object.hasOwn(nonFinite, value)) return nonFinite[value]!;
  throw new TypeError(`${where} is ${value === undefined ? 'missing' : JSON.stringify(value)}, not a number; pass what toJSON gave`);
}
