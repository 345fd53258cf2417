import type { Attributes } from '../symbol/node.js';
import { suggestion } from './near-miss.js';
import type { Operator } from './operator.js';
import type { ParameterTable, ParameterValues } from './parameter.js';

/** Attribute keys a user may put on any node: `__lr_mult__`, `__init__`. They are no parameters. */
export function isCustomAttribute(key: string): boolean {
  return key.length > 4 && key.startsWith('__') && key.endsWith('__');
}

/**
 * Reads an operator's parameters from attribute texts and fills in the defaults.
 * @param label names the node in errors, `fc1 (FullyConnected)`
 * @throws RangeError for an unknown parameter, a missing one, and a text that its kind does not accept.
 */
export function parseParameters(operator: Operator, attributes: Attributes, label: string): ParameterValues<ParameterTable> {
  const values: { [name: string]: unknown } = {};
  for (const [name, parameter] of Object.entries(operator.parameters)) {
    const text = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (text !== undefined) {
      values[name] = parse(text, () => parameter.parse(text), `${label}: ${name}`);
    } else if (parameter.required) {
      throw new RangeError(`${label}: the parameter ${name} (${parameter.kind}) is required; ${acceptedNames(operator)}`);
    } else {
      values[name] = parameter.fallback;
    }
  }
  for (const [name, text] of Object.entries(attributes)) {
    if (isCustomAttribute(name) || Object.hasOwn(operator.parameters, name)) continue;
    if (!operator.openParameters) throw unknownParameter(operator, name, label);
    values[name] = text;
  }
  return values;
}

/** Writes parameter values as attribute texts; a text stands as it is, `undefined` is as good as not given. */
export function formatParameters(operator: Operator, values: { readonly [name: string]: unknown }, label: string): Attributes {
  const attributes: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const parameter = Object.hasOwn(operator.parameters, name) ? operator.parameters[name] : undefined;
    if (!parameter && !operator.openParameters) throw unknownParameter(operator, name, label);
    attributes[name] = typeof value === 'string' || !parameter ? String(value) : parameter.format(value);
  }
  return attributes;
}

function parse(text: string, read: () => unknown, what: string): unknown {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${what}: ${error.message}`, { cause: text }) : error;
  }
}

function unknownParameter(operator: Operator, name: string, label: string): RangeError {
  return new RangeError(`${label}: there is no parameter ${name}${suggestion(name, Object.keys(operator.parameters))}${acceptedNames(operator)}`);
}

function acceptedNames(operator: Operator): string {
  const names = Object.keys(operator.parameters);
  return names.length === 0 ? `${operator.name} has no parameters` : `${operator.name} accepts ${names.join(', ')}`;
}
