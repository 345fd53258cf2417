import type { Primitive } from '../../primitives/primitive.js';
import { type Bytes, instructions, vector } from './wasm.js';

/** Instructions that compute a step of four numbers from those of its operands. */
type Operation = (...operands: readonly Bytes[]) => Bytes;

const instruction = (code: number): Operation => (...operands) => [...operands.flat(), ...vector(code)];

const nothing: Operation = (x) => x!;

const [mul, min, max] = [0xe6, 0xe8, 0xe9].map(instruction) as [Operation, Operation, Operation];

const number = (value: number): Bytes => [...instructions.float32(value), ...instructions.splat];

/**
 * What loops can do: steps whose results IEEE 754 fixes to the last bit, so that a loop gives what the engine's own operators give. (Of 0 and −0 these may call
 * either one the larger.)
 */
export const operations: { readonly [P in Primitive]?: Operation } = {
  alias: nothing,
  kept: nothing,
  abs: instruction(0xe0),
  neg: instruction(0xe1),
  sqrt: instruction(0xe3),
  add: instruction(0xe4),
  sub: instruction(0xe5),
  mul,
  div: instruction(0xe7),
  min,
  max,
  // Every number but 0 made larger than 1, then cut off: twice, since the smallest float32 is further from 1 than the largest number is.
  sign: (x) => min(max(mul(mul(x!, number(2 ** 127)), number(2 ** 127)), number(-1)), number(1)),
};
