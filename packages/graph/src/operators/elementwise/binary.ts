import { add, cast, div, equal, floor, greater, greaterEqual, less, lessEqual, maximum, minimum, mul, notEqual, pow, sqrt, stopGradient, sub, type ArrayLike, type NDArray } from '@lossworks/ndarray';
import { sameShapes } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { Operator } from '../operator.js';
import type { NoParameters } from '../parameter.js';
import { bool, float } from '../parameters/index.js';

type Binary = (a: ArrayLike, b: ArrayLike) => NDArray;

const asFloats = (compare: Binary): Binary => (a, b) => cast(compare(a, b), 'float32');

/** 1 where a number is not 0. */
const truth = (a: ArrayLike) => cast(notEqual(a, 0), 'float32');
const logical = (combine: Binary): Binary => (a, b) => combine(truth(a), truth(b));

/** a − b·⌊a/b⌋: the sign of the divisor, and derivative 1 for a. */
const mod: Binary = (a, b) => sub(a, mul(b, stopGradient(floor(div(a, b)))));

/** √(a² + b²) */
const hypot: Binary = (a, b) => sqrt(add(mul(a, a), mul(b, b)));

/** A name and its aliases. */
type Names = readonly [string, ...string[]];

interface Row {
  readonly apply: Binary;
  /** The name with operands of one shape, and its aliases: the first one is what arithmetic on symbols uses. */
  readonly elementwise: Names;
  /** With NumPy's broadcasting. */
  readonly broadcast: Names;
  /** With a number on the right. */
  readonly scalar: Names;
  /** With a number on the left, where that differs. */
  readonly reversed?: Names;
}

const rows = {
  add: {
    apply: add,
    elementwise: ['elemwise_add', '_plus', '_Plus', '_add'],
    broadcast: ['broadcast_add', 'broadcast_plus'],
    scalar: ['_plus_scalar', '_PlusScalar'],
  },
  sub: {
    apply: sub,
    elementwise: ['elemwise_sub', '_minus', '_Minus', '_sub'],
    broadcast: ['broadcast_sub', 'broadcast_minus'],
    scalar: ['_minus_scalar', '_MinusScalar'],
    reversed: ['_rminus_scalar', '_RMinusScalar'],
  },
  mul: { apply: mul, elementwise: ['elemwise_mul', '_mul', '_Mul'], broadcast: ['broadcast_mul'], scalar: ['_mul_scalar', '_MulScalar'] },
  div: {
    apply: div,
    elementwise: ['elemwise_div', '_div', '_Div'],
    broadcast: ['broadcast_div'],
    scalar: ['_div_scalar', '_DivScalar'],
    reversed: ['_rdiv_scalar', '_RDivScalar'],
  },
  mod: {
    apply: mod,
    elementwise: ['_mod', '_Mod'],
    broadcast: ['broadcast_mod'],
    scalar: ['_mod_scalar', '_ModScalar'],
    reversed: ['_rmod_scalar', '_RModScalar'],
  },
  power: {
    apply: pow,
    elementwise: ['_power', '_Power'],
    broadcast: ['broadcast_power'],
    scalar: ['_power_scalar', '_PowerScalar'],
    reversed: ['_rpower_scalar', '_RPowerScalar'],
  },
  maximum: { apply: maximum, elementwise: ['_maximum', '_Maximum'], broadcast: ['broadcast_maximum'], scalar: ['_maximum_scalar', '_MaximumScalar'] },
  minimum: { apply: minimum, elementwise: ['_minimum', '_Minimum'], broadcast: ['broadcast_minimum'], scalar: ['_minimum_scalar', '_MinimumScalar'] },
  hypot: { apply: hypot, elementwise: ['_hypot', '_Hypot'], broadcast: ['broadcast_hypot'], scalar: ['_hypot_scalar', '_HypotScalar'] },
  equal: { apply: asFloats(equal), elementwise: ['_equal', '_Equal'], broadcast: ['broadcast_equal'], scalar: ['_equal_scalar', '_EqualScalar'] },
  not_equal: {
    apply: asFloats(notEqual),
    elementwise: ['_not_equal', '_Not_Equal'],
    broadcast: ['broadcast_not_equal'],
    scalar: ['_not_equal_scalar', '_NotEqualScalar'],
  },
  greater: { apply: asFloats(greater), elementwise: ['_greater', '_Greater'], broadcast: ['broadcast_greater'], scalar: ['_greater_scalar', '_GreaterScalar'] },
  greater_equal: {
    apply: asFloats(greaterEqual),
    elementwise: ['_greater_equal', '_Greater_Equal'],
    broadcast: ['broadcast_greater_equal'],
    scalar: ['_greater_equal_scalar', '_GreaterEqualScalar'],
  },
  lesser: { apply: asFloats(less), elementwise: ['_lesser', '_Lesser'], broadcast: ['broadcast_lesser'], scalar: ['_lesser_scalar', '_LesserScalar'] },
  lesser_equal: {
    apply: asFloats(lessEqual),
    elementwise: ['_lesser_equal', '_Lesser_Equal'],
    broadcast: ['broadcast_lesser_equal'],
    scalar: ['_lesser_equal_scalar', '_LesserEqualScalar'],
  },
  logical_and: { apply: logical(mul), elementwise: ['_logical_and', '_Logical_And'], broadcast: ['broadcast_logical_and'], scalar: ['_logical_and_scalar', '_LogicalAndScalar'] },
  logical_or: { apply: logical(maximum), elementwise: ['_logical_or', '_Logical_Or'], broadcast: ['broadcast_logical_or'], scalar: ['_logical_or_scalar', '_LogicalOrScalar'] },
  logical_xor: { apply: asFloats((a, b) => notEqual(truth(a), truth(b))), elementwise: ['_logical_xor', '_Logical_Xor'], broadcast: ['broadcast_logical_xor'], scalar: ['_logical_xor_scalar', '_LogicalXorScalar'] },
} satisfies { readonly [name: string]: Row };

/** Elementwise functions of two operands of one shape, and of an operand and a number. */
export const binaryOperators: readonly Operator[] = Object.values<Row>(rows).flatMap((row) => [
  elementwiseOperator(row.elementwise, row.apply),
  scalarOperator(row.scalar, (data, number) => row.apply(data, number)),
  ...(row.reversed ? [scalarOperator(row.reversed, (data, number) => row.apply(number, data))] : []),
]);

/** The same functions with NumPy's broadcasting. */
export const broadcastOperators = Object.fromEntries(
  Object.entries<Row>(rows).map(([name, { broadcast, apply }]) => [name, broadcastOperator(broadcast, apply)]),
) as { readonly [Name in keyof typeof rows]: Operator<NoParameters> };

function elementwiseOperator([name, ...aliases]: Names, apply: Binary): Operator {
  return defineOperator({
    name,
    aliases,
    isKept: true,
    parameters: {},
    inputs: () => ['lhs', 'rhs'],
    // Equal shapes are required, so that one operand tells the other's: only broadcast_… broadcasts.
    completeShapes: sameShapes,
    record: ({ inputs: [lhs, rhs] }) => [apply(lhs!, rhs!)],
  });
}

function broadcastOperator([name, ...aliases]: Names, apply: Binary): Operator<NoParameters> {
  return defineOperator({
    name,
    aliases,
    parameters: {},
    inputs: () => ['lhs', 'rhs'],
    record: ({ inputs: [lhs, rhs] }) => [apply(lhs!, rhs!)],
  });
}

function scalarOperator([name, ...aliases]: Names, apply: (data: NDArray, number: number) => NDArray): Operator {
  return defineOperator({
    name,
    aliases,
    parameters: {
      scalar: float('The number.', { fallback: 1 }),
      is_int: bool('Whether MXNet takes the number for a whole one; changes nothing here.', { fallback: true }),
    },
    inputs: () => ['data'],
    completeShapes: sameShapes,
    record: ({ inputs: [data], parameters: { scalar } }) => [apply(data!, scalar)],
  });
}
