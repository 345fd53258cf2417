import type { NodeShapes } from '../operators/operator.js';
import { commonShape } from './partial-shape.js';

/** `completeShapes` of operators whose inputs and outputs all have one shape: any that is known tells all others. */
export function sameShapes({ inputs, auxiliaryStates, outputs }: NodeShapes): NodeShapes {
  const shape = commonShape([...inputs, ...outputs]);
  return { inputs: inputs.map(() => shape), auxiliaryStates, outputs: outputs.map(() => shape) };
}

/** `completeShapes` of operators whose first input and output have one shape, whatever the others are: either tells the other. */
export function sameAsData({ inputs, auxiliaryStates, outputs }: NodeShapes): NodeShapes {
  const shape = commonShape([inputs[0], outputs[0]]);
  return { inputs: [shape, ...inputs.slice(1)], auxiliaryStates, outputs: [shape, ...outputs.slice(1)] };
}
