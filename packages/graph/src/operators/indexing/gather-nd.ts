import { formatShape, gather, reshape, scatterAdd, sizeOf, stopGradient, sum, truncate, array, zeros, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { tuple } from '../parameters/index.js';

/** Slices of data at places: `indices` (M, …) hold an index for each of the first M axes (MXNet `gather_nd`). Indices must lie within. */
export const gatherNdOperator = defineOperator({
  name: 'gather_nd',
  parameters: {},
  inputs: () => ['data', 'indices'],
  record: ({ inputs: [data, indices] }) => {
    const { named, places } = placesIn(data!.shape, indices!);
    const rest = data!.shape.slice(named);
    const rows = reshape(data!, [sizeOf(data!.shape.slice(0, named)), ...rest]);
    return [gather(rows, places, 0)];
  },
});

/** Zeros of a shape with data's slices at places; slices at equal places add up (MXNet leaves them undefined: `scatter_nd`). */
export const scatterNdOperator = defineOperator({
  name: 'scatter_nd',
  parameters: { shape: tuple('Shape of the result.', { minimum: 1 }) },
  inputs: () => ['data', 'indices'],
  record: ({ inputs: [data, indices], parameters: { shape } }) => {
    const { named, places } = placesIn(shape, indices!);
    const rows = [sizeOf(shape.slice(0, named)), ...shape.slice(named)];
    return [reshape(scatterAdd(zeros(rows), places, data!, 0), shape)];
  },
});

/** Places in the first axes joined to one: Σ indexₘ·strideₘ. */
function placesIn(shape: Shape, indices: NDArray): { readonly named: number; readonly places: NDArray } {
  const [named = 0, ...outer] = indices.shape;
  if (named < 1 || named > shape.length) throw new RangeError(`indices ${formatShape(indices.shape)} name ${named} axes of data ${formatShape(shape)}; their first axis has an entry for each`);
  const strides = array(Float32Array.from({ length: named }, (_, axis) => sizeOf(shape.slice(axis + 1, named))), { shape: [named, ...outer.map(() => 1)] });
  return { named, places: sum(truncate(stopGradient(indices)).mul(strides), { axes: [0] }) };
}
