/** Throws unless a number is whole and at least `least`. */
export function checkWhole(className: string, option: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) throw new RangeError(`${className}: ${option} is ${value}; give a whole number of at least ${least}`);
}

/** Throws unless an option is one of the choices: a list, or the keys of a table. */
export function checkChoice(className: string, option: string, value: string, choices: readonly string[] | object): void {
  const names = Array.isArray(choices) ? (choices as readonly string[]) : Object.keys(choices);
  if (!names.includes(value)) throw new RangeError(`${className}: ${option} is ${JSON.stringify(value)}; it must be one of ${names.join(', ')}`);
}
