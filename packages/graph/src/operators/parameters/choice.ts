import { declare, notAccepted, type OptionalParameter, type RequiredParameter } from './declare.js';

/** One of a few words: `"relu"`. */
export function choice<const Word extends string>(description: string, words: readonly Word[]): RequiredParameter<Word>;
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
