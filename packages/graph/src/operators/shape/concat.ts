import { concat, formatShape } from '@lossworks/ndarray';
import { commonShape } from '../../inference/partial-shape.js';
import { defineOperator } from '../define-operator.js';
import { int } from '../parameters/index.js';
import { axisIn } from './axis.js';

/** Inputs one behind the other along an axis; all other lengths are equal. */
export const concatOperator = defineOperator({
  name: 'Concat',
  aliases: ['concat'],
  parameters: {
    num_args: int('How many inputs there are; counted unless given.', { minimum: 1, maximum: 65_536 }),
    dim: int('The axis.', { fallback: 1 }),
  },
  countParameter: 'num_args',
  inputs: ({ num_args }) => Array.from({ length: num_args }, (_, position) => `arg${position}`),
  completeShapes: ({ inputs, auxiliaryStates, outputs: [output] }, { dim }) => {
    const all = [...inputs, output];
    const model = all.find((shape) => shape !== undefined);
    if (!model) return { inputs, auxiliaryStates, outputs: [output] };
    const axis = axisIn(dim, model, 'dim');
    const others = commonShape(all.map((shape) => shape?.map((length, position) => (position === axis ? 0 : length))))!;
    const lengths = inputs.map((shape) => shape?.[axis] ?? 0);
    const missing = lengths.filter((length) => length === 0).length;
    const sum = lengths.reduce((total, length) => total + length, 0);
    const total = output?.[axis] || (missing === 0 ? sum : 0);
    // One unknown length is what the others leave of the whole.
    const rest = missing === 1 && total > sum ? total - sum : 0;
    const withLength = (length: number) => others.map((other, position) => (position === axis ? length : other));
    return { inputs: lengths.map((length) => withLength(length || rest)), auxiliaryStates, outputs: [withLength(total)] };
  },
  record: ({ inputs, parameters: { dim } }) => {
    const axis = axisIn(dim, inputs[0]!.shape, 'dim');
    return [concat(inputs, axis)];
  },
});

/** Inputs of one shape side by side along a new axis. */
export const stackOperator = defineOperator({
  name: 'stack',
  parameters: {
    num_args: int('How many inputs there are; counted unless given.', { minimum: 1, maximum: 65_536 }),
    axis: int('Where the new axis goes.', { fallback: 0 }),
  },
  countParameter: 'num_args',
  inputs: ({ num_args }) => Array.from({ length: num_args }, (_, position) => `arg${position}`),
  completeShapes: ({ inputs, auxiliaryStates, outputs }) => {
    const shape = commonShape(inputs);
    return { inputs: inputs.map(() => shape), auxiliaryStates, outputs };
  },
  record: ({ inputs, parameters: { axis } }) => {
    const shape = inputs[0]!.shape;
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    if (at < 0 || at > shape.length) throw new RangeError(`axis ${axis} does not exist for data ${formatShape(shape)}; give one from ${-shape.length - 1} to ${shape.length}`);
    return [concat(inputs.map((input) => input.reshape([...shape.slice(0, at), 1, ...shape.slice(at)])), at)];
  },
});
