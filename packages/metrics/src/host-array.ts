/** A row-major array in host memory: what a metric reads. `shape: []` is a single number. */
export interface HostArray {
  /** The values, as many as the shape says: a typed array or a list. */
  readonly data: ArrayLike<number>;
  /** Lengths of the axes, such as `[samples, classes]`. */
  readonly shape: readonly number[];
}

/** Throws unless `value` is a host array whose shape accounts for every one of its values. */
export function checkHostArray(value: HostArray, what: string): HostArray {
  const { data, shape } = (value ?? {}) as Partial<HostArray>;
  if (typeof data === 'function') {
    throw new TypeError(`${what}: this array lives on a device; read it first: { data: await x.data(), shape: x.shape }`);
  }
  if (!Array.isArray(shape) || typeof data !== 'object' || typeof data.length !== 'number') {
    const kind = value === null ? 'null' : typeof value;
    throw new TypeError(`${what}: expected { data, shape }, got ${kind}; wrap plain numbers as { data: [1, 2], shape: [2] }`);
  }
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`${what}: shape ${formatShape(shape)} needs ${sizeOf(shape)} values, data has ${data.length}; give the shape that belongs to the data`);
  }
  return value;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** `[2,3]`, as shapes stand in every error. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}
