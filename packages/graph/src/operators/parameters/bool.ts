import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';

const texts: { readonly [text: string]: boolean } = { True: true, true: true, '1': true, False: false, false: false, '0': false };

/** A parameter that is a truth value: `"True"`, `"False"`, also `"true"`, `"1"` and their opposites; other texts are a RangeError. */
export function bool(description: string): RequiredParameter<boolean>;
/** The same with a default: `fallback` where none is given. */
export function bool(description: string, options: { readonly fallback: boolean }): OptionalParameter<boolean>;
export function bool(description: string, options: { readonly fallback?: boolean } = {}) {
  const kind = 'True or False';
  const parse = (text: string) => {
    const value = Object.hasOwn(texts, text) ? texts[text] : undefined;
    if (value === undefined) throw notAccepted(text, kind);
    return value;
  };
  return declare<boolean>({ kind, parse, format: (value) => (value ? 'True' : 'False') }, description, options);
}
