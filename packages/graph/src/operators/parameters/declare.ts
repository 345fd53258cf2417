import type { Parameter } from '../parameter.js';

/** A parameter that has to be given: creators ask for it, and without it a symbol is a RangeError. */
export interface RequiredParameter<T> extends Parameter<T> {
  /** Tells the types. */
  readonly required: true;
}

/** A parameter that may be left out: `fallback` is its default. */
export interface OptionalParameter<T> extends Parameter<T> {
  /** Tells the types. */
  readonly required: false;
}

/** What distinguishes one kind of parameter from another. */
export interface ParameterKind<T> {
  readonly kind: string;
  parse(text: string): T;
  format(value: T): string;
}

/** Declares a parameter of a kind: required unless options hold a `fallback`. */
export function declare<T>(
  kind: ParameterKind<T>,
  description: string,
  options: { readonly fallback?: T },
): RequiredParameter<T> & OptionalParameter<T> {
  const declared = {
    kind: kind.kind,
    description,
    fallback: options.fallback as T,
    required: options.fallback === undefined,
    parse: (text: string) => kind.parse(text.trim()),
    format: (value: T) => kind.format(value),
  };
  // Which of the two it is depends on the options; the overloads of each kind tell the compiler.
  return declared as unknown as RequiredParameter<T> & OptionalParameter<T>;
}

/** The error of every kind: what was read and what is accepted. */
export function notAccepted(text: string, kind: string): RangeError {
  return new RangeError(`"${text}" is not accepted; give ${kind}`);
}
