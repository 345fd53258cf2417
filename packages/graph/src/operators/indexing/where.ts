import { formatShape, notEqual, reshape, sameShape, where } from '@lossworks/ndarray';
import { commonShape } from '../../inference/partial-shape.js';
import { defineOperator } from '../define-operator.js';

/** Elements of x where the condition is not 0, of y elsewhere; a condition of one axis chooses whole rows. */
export const whereOperator = defineOperator({
  name: 'where',
  parameters: {},
  inputs: () => ['condition', 'x', 'y'],
  completeShapes: ({ inputs: [condition, x, y], auxiliaryStates, outputs: [output] }) => {
    const shape = commonShape([x, y, output]);
    return { inputs: [condition, shape, shape], auxiliaryStates, outputs: [shape] };
  },
  record: ({ inputs: [condition, x, y] }) => {
    const { shape } = x!;
    const given = condition!.shape;
    const isRow = given.length === 1 && shape.length > 1 && given[0] === shape[0];
    if (!isRow && !sameShape(given, shape)) {
      throw new RangeError(`condition has shape ${formatShape(given)}, x ${formatShape(shape)} needs ${formatShape(shape)} or [${shape[0]}]`);
    }
    const chooser = isRow ? reshape(condition!, shape.map((length, axis) => (axis === 0 ? length : 1))) : condition!;
    return [where(notEqual(chooser, 0), x!, y!)];
  },
});
