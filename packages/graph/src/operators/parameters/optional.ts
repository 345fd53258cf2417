import type { Parameter } from '../parameter.js';
import { declare, type OptionalParameter } from './declare.js';

/** A parameter that may also be `None` (null), which it is when not given; other texts are read as the parameter reads them. */
export function optional<T>(parameter: Parameter<T>): OptionalParameter<T | null> {
  return declare<T | null>(
    {
      kind: `${parameter.kind} or None`,
      parse: (text) => (text === 'None' ? null : parameter.parse(text)),
      format: (value) => (value === null ? 'None' : parameter.format(value)),
    },
    parameter.description,
    { fallback: null },
  );
}
