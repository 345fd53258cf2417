import { matmul, reshape, sizeOf, type NDArray, type Shape } from '@lossworks/ndarray';
import { commonShape } from '../../inference/partial-shape.js';
import { defineOperator } from '../define-operator.js';
import { bool, int } from '../parameters/index.js';

/** y = x·Wᵀ + b. */
export const fullyConnectedOperator = defineOperator({
  name: 'FullyConnected',
  isKept: true,
  parameters: {
    num_hidden: int('Number of outputs a row.', { minimum: 1 }),
    no_bias: bool('Leave b out.', { fallback: false }),
    flatten: bool('Take all axes but the first as one row; else the last axis alone is the row.', { fallback: true }),
  },
  inputs: ({ no_bias }) => (no_bias ? ['data', 'weight'] : ['data', 'weight', 'bias']),
  completeShapes: ({ inputs: [data, weight], auxiliaryStates, outputs: [output] }, { num_hidden, no_bias, flatten }) => {
    const width = data ? rowWidth(data, flatten) : (weight?.[1] ?? 0);
    const outer = commonShape([data && outerShape(data, flatten), output ? output.slice(0, -1) : flatten ? [0] : undefined]);
    return {
      inputs: [completeData(data, outer, weight?.[1] ?? 0, flatten), [num_hidden, width], ...(no_bias ? [] : [[num_hidden]])],
      auxiliaryStates,
      outputs: [outer && [...outer, num_hidden]],
    };
  },
  record: ({ inputs: [data, weight, bias], parameters: { num_hidden, flatten } }) => {
    const rows = asRows(data!, flatten);
    const product = matmul(rows, weight!, { transposeB: true });
    const shifted = bias ? product.add(bias) : product;
    return [reshape(shifted, [...outerShape(data!.shape, flatten), num_hidden])];
  },
});

function asRows(data: NDArray, flatten: boolean): NDArray {
  const width = rowWidth(data.shape, flatten);
  return reshape(data, [sizeOf(outerShape(data.shape, flatten)), width]);
}

/** Length of a row; 0 where it is unknown. A single axis counts as rows of one. */
function rowWidth(shape: Shape, flatten: boolean): number {
  if (!flatten) return shape.at(-1) ?? 0;
  return sizeOf(shape.slice(1));
}

/** The axes that stay. */
function outerShape(shape: Shape, flatten: boolean): Shape {
  return flatten ? shape.slice(0, 1) : shape.slice(0, -1);
}

/** Data whose rows are one axis learns its batch from the output and its width from the weight. */
function completeData(data: Shape | undefined, outer: Shape | undefined, width: number, flatten: boolean): Shape | undefined {
  if (!data) return flatten ? undefined : outer && [...outer, width];
  if (flatten && data.length !== 2) return data;
  return data.map((dimension, axis) => dimension || (axis === data.length - 1 ? width : (outer?.[axis] ?? 0)));
}
