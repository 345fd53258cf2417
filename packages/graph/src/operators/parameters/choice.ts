import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';

/** A parameter that is one of a few words, `"relu"`; other texts are a RangeError. */
export function choice<const Word extends string>(description: string, words: readonly Word[]): RequiredParameter<Word>;
/** The same with a default: `fallback` where none is given. */
export function choice<const Word extends string>(description: string, words: readonly Word[], options: { readonly fallback: NoInfer<Word> }): OptionalParameter<Word>;
export function choice<const Word extends string>(description: string, words: readonly Word[], options: { readonly fallback?: Word } = {}) {
  const kind = words.join(' | ');
  const parse = (text: string) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw notAccepted(text, kind);
    return word;
  };
  return declare<Word>({ kind, parse, format: (word) => word }, description, options);
}
