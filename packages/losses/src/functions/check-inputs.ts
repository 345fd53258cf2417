import { badInput, badInputAtHand, type BadInput, type CheckedInputs, type InputCheck } from '@lossworks/graph';
import { formatShape, type Shape } from '@lossworks/ndarray';

/**
 * Checks inputs of a loss, where their numbers are in host memory.
 *
 * @throws RangeError for an empty batch, and naming input, value, position and the way out.
 */
export function checkInputsAtHand(inputs: CheckedInputs): void {
  for (const [i, { shape, size }] of inputs.arrays.entries()) {
    if (size === 0) throw new RangeError(`${inputs.names[i]} has shape ${formatShape(shape)}: the batch is empty, and a loss over nothing is no number; leave the step out`);
  }
  refuse(badInputAtHand(inputs));
}

/** That all inputs hold numbers: what every loss asks of them. */
export function numbersIn(shapes: readonly Shape[]): InputCheck[] {
  return shapes.map((_, input) => ({ input, holds: 'numbers' }));
}

/** Numbers that an input, by its position, must lie between; `meaning` is the way out. */
export function within(input: number, lowest: number, highest: number, meaning: string): InputCheck[] {
  return [{ input, holds: 'range', lowest, highest, meaning }];
}

/** Makes the same checks where the numbers are computed by the engine, in one run. @throws RangeError as the checks of host memory do. */
export async function checkComputedInputs(inputs: CheckedInputs): Promise<void> {
  refuse(await badInput([inputs]));
}

function refuse(bad: BadInput | undefined): void {
  if (bad) throw new RangeError(bad.message);
}
