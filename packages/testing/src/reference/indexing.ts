import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import { at, build, eachPosition, indexOf, type ReferenceArray } from './reference-array.js';

/** The position in `data` that a position among gathered slices stands for. */
function source(position: readonly number[], indices: ReferenceArray, axis: number): number[] {
  const rank = indices.shape.length;
  return [...position.slice(0, axis), at(indices, position.slice(axis, axis + rank)), ...position.slice(axis + rank)];
}

function gather({ axis }: PrimitiveAttributes['gather'], [data, indices]: readonly ReferenceArray[]): ReferenceArray {
  const shape = [...data!.shape.slice(0, axis), ...indices!.shape, ...data!.shape.slice(axis + 1)];
  return build(shape, data!.dtype, (position) => at(data!, source(position, indices!, axis)));
}

function scatterAdd({ axis }: PrimitiveAttributes['scatterAdd'], [data, indices, updates]: readonly ReferenceArray[]): ReferenceArray {
  const result = { ...data!, data: data!.data.slice() };
  eachPosition(updates!.shape, (position, i) => (result.data[indexOf(source(position, indices!, axis), data!.shape)]! += updates!.data[i]!));
  return result;
}

export const indexing = { gather, scatterAdd } satisfies Partial<Record<Primitive, unknown>>;
