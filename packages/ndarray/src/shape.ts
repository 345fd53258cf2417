/** Lengths of an array's axes, outermost first: `[batch, channels, height, width]`; `[]` is a single number. */
export type Shape = readonly number[];

/** Number of elements of an array of this shape: the product of the lengths, 1 for `[]`. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** The shape as text, `[2,3]`, as it stands in every error. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** Whether two shapes have the same axes with the same lengths. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** The common shape of two arrays under NumPy's rules, or undefined where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Turns axis −1 into the last one; throws a RangeError for an axis the array does not have. */
export function normalizeAxis(axis: number, rank: number, what: string): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank) {
    throw new RangeError(`${what}: axis ${axis} does not exist in an array of ${rank} axes; give one from ${-rank} to ${rank - 1}`);
  }
  return normalized;
}

/** Throws unless every length is a whole number of at least zero. */
export function checkShape(shape: Shape, what: string): void {
  for (const dimension of shape) {
    if (!Number.isInteger(dimension) || dimension < 0) {
      throw new RangeError(`${what}: shape ${formatShape(shape)} is not a list of whole numbers of at least 0`);
    }
  }
}

/** Distance in elements between neighbours along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
