import { stopGradient, truncate } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { choice } from '../parameters/index.js';

const types = ['float32', 'float64', 'float16', 'int8', 'uint8', 'int32', 'int64'] as const;

/** The numbers of another type (MXNet `Cast`); everything is computed in float32 here, so that a whole type drops the fraction. The gradient passes. */
export const castOperator = defineOperator({
  name: 'Cast',
  aliases: ['cast'],
  parameters: { dtype: choice('The type.', types) },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { dtype } }) => {
    if (dtype.startsWith('float')) return [data!];
    return [data!.add(stopGradient(truncate(data!).sub(data!)))];
  },
});
