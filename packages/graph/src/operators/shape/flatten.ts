import { reshape, sizeOf } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';

/** All axes but the first become one. */
export const flattenOperator = defineOperator({
  name: 'Flatten',
  aliases: ['flatten'],
  parameters: {},
  inputs: () => ['data'],
  completeShapes: ({ inputs: [data], auxiliaryStates, outputs: [output] }) => ({
    inputs: [data && [data[0] || output?.[0] || 0, ...data.slice(1)]],
    auxiliaryStates,
    outputs: [data && [data[0]!, sizeOf(data.slice(1))]],
  }),
  record: ({ inputs: [data] }) => [reshape(data!, [data!.shape[0]!, sizeOf(data!.shape.slice(1))])],
});
