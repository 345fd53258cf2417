import { formatShape, type NDArray, type RandomGenerator, sameShape } from '@lossworks/ndarray';
import type { Initializer } from './initializers/initializer.js';
import type { NamedParameters } from './initializers/load.js';

export interface ParameterSource {
  /** Values by name; without them all come from the initializer. */
  readonly given: NamedParameters | undefined;
  /** Whether arrays that `given` lacks come from the initializer; else they are an error. */
  readonly allowMissing: boolean;
  /** Without one, arrays that are not given stay as they are. */
  readonly initializer: Initializer | undefined;
  /** A symbol's attributes by variable. */
  readonly attributes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly random: RandomGenerator;
}

/**
 * Gives arrays their first values, in the order of their names, so that the order of layers does not matter for the random numbers. Names that are given
 * and that no array has are left alone, as in MXNet.
 *
 * @throws RangeError for an array that is not given, and for one of another shape.
 */
export function initializeParameters(targets: ReadonlyMap<string, NDArray>, { given, allowMissing, initializer, attributes, random }: ParameterSource): void {
  for (const [name, target] of [...targets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = given && valueOf(given, name);
    if (value) assignParameter(name, target, value);
    else if (given && !allowMissing) throw new RangeError(`initParams: there is no value for ${name}; give one, or set allowMissing to have it initialized`);
    else if (initializer) target.assign(initializer.initialize({ name, shape: target.shape, attributes: attributes[name] ?? {} }, random));
  }
}

/** The value of one name, in a map or in an object. */
export function valueOf(parameters: NamedParameters, name: string): NDArray | undefined {
  if (parameters instanceof Map) return (parameters as ReadonlyMap<string, NDArray>).get(name);
  return Object.hasOwn(parameters, name) ? (parameters as Readonly<Record<string, NDArray>>)[name] : undefined;
}

/** @throws RangeError where the shapes differ. */
export function assignParameter(name: string, target: NDArray, value: NDArray): void {
  if (!sameShape(value.shape, target.shape)) {
    throw new RangeError(`${name}: the array given has shape ${formatShape(value.shape)}, the network needs ${formatShape(target.shape)}; give parameters of this network`);
  }
  target.assign(value.dtype === target.dtype ? value : value.cast(target.dtype));
}
