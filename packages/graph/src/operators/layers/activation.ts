import { relu, sigmoid, tanh, type NDArray } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import { softplus, softsign } from '../elementwise/unary.js';
import { choice } from '../parameters/index.js';

const functions = {
  relu,
  sigmoid,
  tanh,
  softrelu: softplus,
  softsign,
} satisfies { readonly [kind: string]: (x: NDArray) => NDArray };

export const activationOperator = defineOperator({
  name: 'Activation',
  parameters: {
    act_type: choice('The function: max(0, x), σ(x), tanh(x), log(1 + eˣ) or x / (1 + |x|).', Object.keys(functions) as (keyof typeof functions)[]),
  },
  inputs: () => ['data'],
  completeShapes: sameShapes,
  record: ({ inputs: [data], parameters: { act_type } }) => [functions[act_type](data!)],
});
