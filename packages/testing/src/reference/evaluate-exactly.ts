import type { NDArray } from '@lossworks/ndarray';
import { outline, programOf, resolve } from '@lossworks/ndarray/internal';
import { interpret } from './interpret.js';

/**
 * Computes recorded arrays in float64, without any engine and without touching the arrays.
 *
 * @param feeds numbers for placeholders, and for other leaves in place of what they hold.
 * @throws Error where a leaf has no numbers in host memory and none were given.
 */
export function evaluateExactly(arrays: readonly NDArray[], feeds: ReadonlyMap<NDArray, ArrayLike<number>> = new Map()): Float64Array[] {
  const fed = new Map([...feeds].map(([array, data]) => [array.value, data]));
  const outlined = outline(arrays.map(({ value }) => value));
  const numbersOf = (value: NDArray['value']): ArrayLike<number> => {
    const data = fed.get(value) ?? value.storage?.host;
    if (!data) throw new Error(`evaluateExactly: a leaf of shape [${value.shape.join(',')}] has no numbers; give them in feeds`);
    return data;
  };
  const computed = interpret(programOf(outlined, []), outlined.leaves.map(numbersOf));
  return arrays.map(({ value }) => {
    const root = outlined.roots.indexOf(resolve(value));
    return root >= 0 ? computed[root]!.data : Float64Array.from(numbersOf(resolve(value)));
  });
}
