import { argMax, cast, equal, formatShape, gather, greaterEqual, hostData, less, logicalAnd, logicalNot, logicalOr, read, reshape, type NDArray, type TypedArray } from '@lossworks/ndarray';
import type { ClassIndices } from '@lossworks/graph';

/** Something that no number of an input may be, seen from host memory and from the engine. */
interface NumberCheck {
  readonly input: string;
  readonly array: NDArray;
  isBad(value: number): boolean;
  /** Where it is bad, as flags of the array's shape. */
  bad(x: NDArray): NDArray;
  message(value: number, position: number): string;
}

type Inputs = { readonly [name: string]: NDArray | undefined };

const checked = new WeakSet<TypedArray>();

/**
 * Checks inputs of a loss, where their numbers are in host memory.
 *
 * @param weights names of inputs that must not be negative.
 * @throws RangeError for an empty batch, NaN, and a negative weight.
 */
export function checkNumbers(inputs: Inputs, weights: readonly string[] = []): void {
  for (const [name, array] of Object.entries(inputs)) {
    if (array?.size === 0) throw new RangeError(`${name} has shape ${formatShape(array.shape)}: the batch is empty, and a loss over nothing is no number; leave the step out`);
  }
  const fresh = numberChecks(inputs, weights).filter(({ array }) => !checked.has(hostData(array)!));
  checkOnHost(fresh);
  for (const { array } of fresh) {
    const host = hostData(array);
    if (host) checked.add(host);
  }
}

/**
 * Checks class indices against the number of classes, where they are in host memory.
 *
 * @throws RangeError naming the value, its position and the classes.
 */
export function checkClasses(names: readonly string[], arrays: readonly NDArray[], indices: readonly ClassIndices[]): void {
  checkOnHost(classChecks(names, arrays, indices));
}

function checkOnHost(checks: readonly NumberCheck[]): void {
  for (const { array, isBad, message } of checks) {
    const host = hostData(array);
    const at = host ? host.findIndex(isBad) : -1;
    if (at >= 0) throw new RangeError(message(host![at]!, at));
  }
}

/**
 * Makes the same checks where the numbers are computed by the engine: all of them, and whatever else is pending, in one run, of which two numbers a check are
 * read.
 *
 * @throws RangeError as the checks of host memory do.
 */
export async function checkOnEngine(checks: readonly NumberCheck[]): Promise<void> {
  const found = await read(checks.flatMap(({ array, bad }) => {
    const flat = reshape(array, [array.size]);
    const at = argMax(cast(bad(flat), 'float32'), 0);
    return [at, gather(flat, reshape(at, [1]))];
  }));
  checks.forEach(({ isBad, message }, i) => {
    const [position, value] = [found[2 * i]![0]!, found[2 * i + 1]![0]!];
    if (isBad(value)) throw new RangeError(message(value, position));
  });
}

/** No input holds NaN, no weight is negative. */
export function numberChecks(inputs: Inputs, weights: readonly string[]): NumberCheck[] {
  return Object.entries(inputs).flatMap(([input, array]): NumberCheck[] => {
    if (!array) return [];
    const isNumber: NumberCheck = {
      input, array, isBad: Number.isNaN, bad: (x) => logicalNot(equal(x, x)),
      message: (_, at) => `${input} holds NaN at position ${at}; find where it comes from (a learning rate that is too large, log of a negative number), or mask it out`,
    };
    const isWeight: NumberCheck = {
      input, array, isBad: (value) => value < 0, bad: (x) => less(x, 0), message: (value, at) => `${input} is ${value} at position ${at}; weights must be at least 0`,
    };
    return weights.includes(input) ? [isNumber, isWeight] : [isNumber];
  });
}

/** Class indices lie within the classes, or are the ignored one. */
export function classChecks(names: readonly string[], arrays: readonly NDArray[], indices: readonly ClassIndices[]): NumberCheck[] {
  return indices.map(({ input, classes, ignore }) => ({
    input: names[input]!,
    array: arrays[input]!,
    isBad: (value) => !(Math.trunc(value) >= 0 && value < classes) && Math.trunc(value) !== ignore,
    bad: (x) => {
      const inside = logicalAnd(greaterEqual(cast(x, 'int32'), 0), less(x, classes));
      return logicalNot(ignore === undefined ? inside : logicalOr(inside, equal(cast(x, 'int32'), ignore)));
    },
    message: (value, at) =>
      `${names[input]} is ${value} at position ${at}, outside the ${classes} classes 0..${classes - 1}${ignore === undefined ? '' : ` and not the ignored ${ignore}`}; mend the label or use more classes`,
  }));
}
