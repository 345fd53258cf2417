import { argMax, cast, neg, reshape, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import type { Operator } from '../operator.js';
import { bool, int, optional } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

type Prepare = (x: NDArray) => NDArray;

const rows = {
  argmax: (x) => x,
  argmin: neg,
} satisfies { readonly [name: string]: Prepare };

const parameters = {
  axis: optional(int('The axis; the flattened array unless given.')),
  keepdims: bool('Keep the axis with length 1.', { fallback: false }),
};

/** Position of the first extreme element, as a float. */
export const argOperators = Object.fromEntries(
  Object.entries<Prepare>(rows).map(([name, prepare]) => [name, argOperator(name, prepare)]),
) as { readonly [Name in keyof typeof rows]: Operator<typeof parameters> };

function argOperator(name: string, prepare: Prepare): Operator<typeof parameters> {
  return defineOperator({
    name,
    parameters,
    inputs: () => ['data'],
    gradient: () => [null],
    usesHeadGradient: () => false,
    record: ({ inputs: [data], parameters: { axis: given, keepdims } }) => {
      const { shape } = data!;
      const axis = given === null ? null : axisIn(given, shape);
      const positions = cast(argMax(prepare(axis === null ? reshape(data!, [data!.size]) : data!), axis ?? 0), 'float32');
      if (keepdims) return [reshape(positions, shape.map((length, one) => (axis === null || one === axis ? 1 : length)))];
      return [positions.shape.length === 0 ? reshape(positions, [1]) : positions];
    },
  });
}

/** The class with the largest value: argmax over axis 1. */
export const argmaxChannelOperator = defineOperator({
  name: 'argmax_channel',
  parameters: {},
  inputs: () => ['data'],
  gradient: () => [null],
  usesHeadGradient: () => false,
  record: ({ inputs: [data] }) => [cast(argMax(data!, axisIn(1, data!.shape)), 'float32')],
});
