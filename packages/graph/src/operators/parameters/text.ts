import { declare, type OptionalParameter, type RequiredParameter } from './declare.js';

/** Any text, taken as it is. */
export function text(description: string): RequiredParameter<string>;
export function text(description: string, options: { readonly fallback: string }): OptionalParameter<string>;
export function text(description: string, options: { readonly fallback?: string } = {}) {
  return declare<string>({ kind: 'text', parse: (value) => value, format: (value) => value }, description, options);
}
