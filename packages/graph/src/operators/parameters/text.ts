import { declare, type OptionalParameter, type RequiredParameter } from './declare.js';

/** A parameter that is any text, taken as it is. */
export function text(description: string): RequiredParameter<string>;
/** The same with a default: `fallback` where none is given. */
export function text(description: string, options: { readonly fallback: string }): OptionalParameter<string>;
export function text(description: string, options: { readonly fallback?: string } = {}) {
  return declare<string>({ kind: 'text', parse: (value) => value, format: (value) => value }, description, options);
}
