/** One number a spatial axis: the list that is given, or the default for every axis. */
export function perAxis(values: readonly number[], fallback: number, axes: number, name: string): readonly number[] {
  if (values.length === 0) return new Array<number>(axes).fill(fallback);
  if (values.length !== axes) {
    throw new RangeError(`${name} has ${values.length} numbers, the kernel has ${axes} axes; give one number an axis`);
  }
  return values;
}
