import type { DType, Shape } from '@lossworks/ndarray';

/** Numbers of any element type, held in float64. */
export interface ReferenceArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: Float64Array;
}

/** Calls `visit` with every position of an array of this shape, in row-major order. The position is one array, overwritten. */
export function eachPosition(shape: Shape, visit: (position: readonly number[], index: number) => void): void {
  const total = shape.reduce((product, length) => product * length, 1);
  const position = shape.map(() => 0);
  for (let index = 0; index < total; index++) {
    visit(position, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
}

/** Where a position lies in row-major memory. */
export function indexOf(position: readonly number[], shape: Shape): number {
  let index = 0;
  for (let axis = 0; axis < shape.length; axis++) index = index * shape[axis]! + position[axis]!;
  return index;
}

/** An array made position by position. */
export function build(shape: Shape, dtype: DType, element: (position: readonly number[], index: number) => number): ReferenceArray {
  const data = new Float64Array(shape.reduce((product, length) => product * length, 1));
  eachPosition(shape, (position, index) => (data[index] = element(position, index)));
  return { shape: [...shape], dtype, data };
}

/** The element at a position. */
export function at(x: ReferenceArray, position: readonly number[]): number {
  return x.data[indexOf(position, x.shape)]!;
}
