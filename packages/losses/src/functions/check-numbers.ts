import { formatShape, hostData, type NDArray, type TypedArray } from '@lossworks/ndarray';
import type { ClassIndices } from '@lossworks/graph';

const checked = new WeakSet<TypedArray>();

/**
 * Checks inputs of a loss, where their numbers are in host memory.
 *
 * @param weights names of inputs that must not be negative.
 * @throws RangeError for an empty batch, NaN, and a negative weight.
 */
export function checkNumbers(inputs: { readonly [name: string]: NDArray | undefined }, weights: readonly string[]): void {
  for (const [name, array] of Object.entries(inputs)) {
    if (!array) continue;
    if (array.size === 0) throw new RangeError(`${name} has shape ${formatShape(array.shape)}: the batch is empty, and a loss over nothing is no number; leave the step out`);
    const host = hostData(array);
    if (!host || checked.has(host)) continue;
    const notNumber = host.findIndex(Number.isNaN);
    if (notNumber >= 0) throw new RangeError(`${name} holds NaN at position ${notNumber}; find where it comes from (a learning rate that is too large, log of a negative number), or mask it out`);
    const negative = weights.includes(name) ? host.findIndex((value) => value < 0) : -1;
    if (negative >= 0) throw new RangeError(`${name} is ${host[negative]} at position ${negative}; weights must be at least 0`);
    checked.add(host);
  }
}

/**
 * Checks class indices against the number of classes, where they are in host memory.
 *
 * @throws RangeError naming the value, its position and the classes.
 */
export function checkClasses(names: readonly string[], arrays: readonly NDArray[], indices: readonly ClassIndices[]): void {
  for (const { input, classes, ignore } of indices) {
    const host = hostData(arrays[input]!) ?? [];
    const at = host.findIndex((value) => !(Math.trunc(value) >= 0 && value < classes) && Math.trunc(value) !== ignore);
    if (at < 0) continue;
    throw new RangeError(
      `${names[input]} is ${host[at]} at position ${at}, outside the ${classes} classes 0..${classes - 1}${ignore === undefined ? '' : ` and not the ignored ${ignore}`}; mend the label or use more classes`,
    );
  }
}
