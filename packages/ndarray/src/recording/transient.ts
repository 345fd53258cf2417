import type { Value } from './value.js';

let depth = 0;

/**
 * Records, and promises that nothing recorded inside is asked for any more once the arrays it comes from have been assigned to and computed twice. In return
 * the memory that such arrays had before is used for their next contents, where an engine can do so: a step of training then takes no new memory. What is
 * assigned to an array inside is no concern: it is computed with the step.
 *
 * A promise not kept is an Error where the numbers are asked for, never another's numbers.
 *
 * @param recording records and assigns, all before it returns: what it does after an `await` is recorded as elsewhere.
 */
export function transient<Result>(recording: () => Result): Result {
  depth++;
  try {
    return recording();
  } finally {
    depth--;
  }
}

/** Whether what is recorded now is given up again soon. */
export function isTransient(): boolean {
  return depth > 0;
}

/** Notes that somebody may ask for the value at any time, and so for what it comes from. */
export function claimForGood(value: Value): void {
  if (value.claims === Infinity) return;
  value.claim(Infinity);
  // An explicit stack: recorded chains can be longer than the call stack allows.
  const stack = [...value.origins];
  while (stack.length > 0) {
    const current = stack.pop()!;
    if (current.claims === Infinity) continue;
    current.claim(Infinity);
    stack.push(...current.origins);
  }
}
