import { suggestion } from './near-miss.js';
import type { Operator } from './operator.js';
import { builtInOperators } from './table.js';

const registered = new Map<string, Operator>();
let builtIn: ReadonlyMap<string, Operator> | undefined;

/**
 * The operator of that name or alias: a registered one, else a built-in one.
 * @throws RangeError that names the nearest known operators.
 */
export function findOperator(name: string): Operator {
  const operator = lookUpOperator(name);
  if (!operator) throw new RangeError(unknownOperator(name));
  return operator;
}

/** The operator of that name or alias, as `findOperator` gives it, or undefined. */
export function lookUpOperator(name: string): Operator | undefined {
  return registered.get(name) ?? builtInNames().get(name);
}

/**
 * Makes an operator known by its name and aliases to `createSymbol` and to the symbol JSON loader (`Symbol.loadJSON`). Registering the same entry again
 * changes nothing.
 *
 * @returns the entry.
 * @throws RangeError when another operator has one of the names.
 */
export function registerOperator<Entry extends Operator>(operator: Entry): Entry {
  const names = namesOf(operator);
  for (const name of names) {
    const other = lookUpOperator(name);
    if (other && other !== operator) {
      throw new RangeError(`registerOperator: an operator named ${name} exists already; give ${operator.name} another name`);
    }
  }
  for (const name of names) registered.set(name, operator);
  return operator;
}

/** Every known name, aliases included, sorted. */
export function listOperators(): string[] {
  return [...new Set([...builtInNames().keys(), ...registered.keys()])].sort();
}

function builtInNames(): ReadonlyMap<string, Operator> {
  builtIn ??= new Map(builtInOperators.flatMap((operator) => namesOf(operator).map((name) => [name, operator] as const)));
  return builtIn;
}

function namesOf(operator: Operator): string[] {
  return [operator.name, ...(operator.aliases ?? [])];
}

function unknownOperator(name: string): string {
  return `no operator is named ${name}${suggestion(name, listOperators())}An operator of another package is made known with registerOperator`;
}
