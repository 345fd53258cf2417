import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';

interface FloatLimits {
  /** The least value; none unless given. */
  readonly minimum?: number;
  /** The greatest value; none unless given. */
  readonly maximum?: number;
}

/** A parameter that is a number: `"0.5"`, `"2e-05"`, `"inf"`. Limits are inclusive; a number beyond, or another text, is a RangeError. */
export function float(description: string, limits?: FloatLimits): RequiredParameter<number>;
/** The same with a default: `fallback` where none is given. */
export function float(description: string, limits: FloatLimits & { readonly fallback: number }): OptionalParameter<number>;
export function float(description: string, options: FloatLimits & { readonly fallback?: number } = {}) {
  const { minimum = -Infinity, maximum = Infinity } = options;
  const kind = `float${minimum > -Infinity ? ` >= ${minimum}` : ''}${maximum < Infinity ? ` <= ${maximum}` : ''}`;
  const parse = (text: string) => {
    const value = parseFloat32(text, kind);
    if (value < minimum || value > maximum) throw notAccepted(text, kind);
    return value;
  };
  return declare<number>({ kind, parse, format: formatFloat }, description, options);
}

const notFinite: { readonly [text: string]: number } = { inf: Infinity, '+inf': Infinity, '-inf': -Infinity, nan: NaN, infinity: Infinity, '-infinity': -Infinity };

export function parseFloat32(text: string, kind: string): number {
  const value = notFinite[text.toLowerCase()];
  if (value !== undefined) return value;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw notAccepted(text, kind);
  return Number(text);
}

/** Writes a number as Python does: `1e-05` and `0.0001`, `inf`; whole numbers without a point, since they have none here. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e16)) return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}
