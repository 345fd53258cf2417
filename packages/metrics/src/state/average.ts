/** `'macro'` averages the values of the updates, `'micro'` computes one value from everything seen. */
export type Average = 'macro' | 'micro';

/** Throws unless `average` is one of `choices`. */
export function checkAverage<Choice extends string>(average: Choice, choices: readonly Choice[], className: string): void {
  if (!choices.includes(average)) throw new RangeError(`${className}: average is ${JSON.stringify(average)}; it must be one of ${choices.join(', ')}`);
}
