import { stopGradient } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';

/** The same numbers and the same gradient. */
export const identityOperator = defineOperator({
  name: '_copy',
  aliases: ['identity'],
  parameters: {},
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data] }) => [data!],
});

/** The same numbers, through which no gradient flows; as an output it needs no head gradient. */
export const blockGradOperator = defineOperator({
  name: 'BlockGrad',
  aliases: ['stop_gradient'],
  parameters: {},
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data] }) => [stopGradient(data!)],
  gradient: () => [null],
  usesHeadGradient: () => false,
});
