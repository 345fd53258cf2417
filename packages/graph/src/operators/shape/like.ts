import { formatShape, reshape, sizeOf, slice } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { axes } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** The elements of lhs in the shape of rhs (MXNet `reshape_like`). */
export const reshapeLikeOperator = defineOperator({
  name: 'reshape_like',
  parameters: {},
  inputs: () => ['lhs', 'rhs'],
  record: ({ inputs: [lhs, rhs] }) => {
    if (lhs!.size !== sizeOf(rhs!.shape)) throw new RangeError(`lhs ${formatShape(lhs!.shape)} and rhs ${formatShape(rhs!.shape)} must have equally many elements`);
    return [reshape(lhs!, rhs!.shape)];
  },
});

/** The first elements of data along some axes, or all, as many as `shape_like` has (MXNet `slice_like`). */
export const sliceLikeOperator = defineOperator({
  name: 'slice_like',
  parameters: { axes: axes('The axes to cut; all unless given.') },
  inputs: () => ['data', 'shape_like'],
  record: ({ inputs: [data, like], parameters: { axes: given } }) => {
    const { shape } = data!;
    const listed = given === null ? shape.map((_, axis) => axis) : [given].flat().map((axis) => axisIn(axis, shape, 'axes'));
    const end = shape.map((length, axis) => (listed.includes(axis) ? (like!.shape[axis] ?? 0) : length));
    if (end.some((length, axis) => length < 1 || length > shape[axis]!)) {
      throw new RangeError(`shape_like ${formatShape(like!.shape)} is no part of data ${formatShape(shape)}; it must be as short or shorter along the axes that are cut`);
    }
    return [slice(data!, shape.map(() => 0), end)];
  },
});
