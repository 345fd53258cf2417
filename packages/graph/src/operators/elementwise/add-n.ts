import { add } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { int } from '../parameters/index.js';

/** The sum of any number of inputs of one shape. */
export const addNOperator = defineOperator({
  name: 'add_n',
  isKept: true,
  aliases: ['ElementWiseSum', '_sum'],
  parameters: { num_args: int('How many inputs there are; counted unless given.', { minimum: 1, maximum: 65_536 }) },
  countParameter: 'num_args',
  inputs: ({ num_args }) => Array.from({ length: num_args }, (_, position) => `arg${position}`),
  completeShapes: sameShapes,
  record: ({ inputs }) => [inputs.reduce((total, input) => add(total, input))],
});
