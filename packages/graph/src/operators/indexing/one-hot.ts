import { equalsClass, where } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { choice, float, int } from '../parameters/index.js';

/** A new last axis with `on_value` at the index and `off_value` elsewhere; an index outside gives `off_value` alone. */
export const oneHotOperator = defineOperator({
  name: 'one_hot',
  parameters: {
    depth: int('Length of the new axis.', { minimum: 1 }),
    on_value: float('Value at the index.', { fallback: 1 }),
    off_value: float('Value elsewhere.', { fallback: 0 }),
    dtype: choice('Element type of the output in MXNet; float32 here.', ['float32', 'float64', 'float16', 'int32', 'int64', 'uint8', 'int8'], { fallback: 'float32' }),
  },
  inputs: () => ['indices'],
  completeShapes: ({ inputs: [indices], auxiliaryStates, outputs: [output] }, { depth }) => {
    const shape = indices ?? output?.slice(0, -1);
    return { inputs: [shape], auxiliaryStates, outputs: [shape && [...shape, depth]] };
  },
  record: ({ inputs: [indices], parameters: { depth, on_value, off_value } }) => [where(equalsClass(indices!, depth), on_value, off_value)],
});
