import { formatShape, reshape, sameShape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, choice, int, optional } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';
import { pickAlong } from './take.js';

/** One element along an axis for every position of the others, such as each row's score of its class. */
export const pickOperator = defineOperator({
  name: 'pick',
  aliases: ['choose_element_0index'],
  parameters: {
    axis: optional(int('The axis; the last one unless given.')),
    keepdims: bool('Keep the axis with length 1.', { fallback: false }),
    mode: choice('What an index outside means.', ['clip', 'wrap'], { fallback: 'clip' }),
  },
  inputs: () => ['data', 'index'],
  completeShapes: ({ inputs: [data, index], auxiliaryStates, outputs: [output] }, { axis, keepdims }) => {
    const others = data && data.filter((_, one) => one !== axisIn(axis ?? -1, data));
    // A single axis leaves shape (1,).
    const picked = data && (keepdims ? data.map((length, one) => (one === axisIn(axis ?? -1, data) ? 1 : length)) : others!.length > 0 ? others! : [1]);
    return { inputs: [data, index ?? picked], auxiliaryStates, outputs: [picked ?? output] };
  },
  record: ({ inputs: [data, index], parameters: { axis: given, keepdims, mode } }) => {
    const { shape } = data!;
    const axis = axisIn(given ?? -1, shape);
    const others = shape.filter((_, one) => one !== axis);
    const kept = shape.map((length, one) => (one === axis ? 1 : length));
    const fitting = [others, kept, ...(others.length === 0 ? [[1]] : [])].some((fit) => sameShape(fit, index!.shape));
    if (!fitting) throw new RangeError(`index has shape ${formatShape(index!.shape)}, data ${formatShape(shape)} and axis ${axis} need ${formatShape(others)}`);
    const picked = pickAlong(data!, index!, axis, mode);
    return [keepdims ? reshape(picked, kept) : picked.shape.length > 0 ? picked : reshape(picked, [1])];
  },
});
