import { formatShape, type Primitive, type Program } from '@lossworks/ndarray';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import { indexing } from './indexing.js';
import { pooling } from './pooling.js';
import { reductions } from './reductions.js';
import type { ReferenceArray } from './reference-array.js';
import type { ReferenceRule } from './reference-rule.js';
import { shaping } from './shaping.js';

/**
 * Runs a program in float64, one primitive after the other. Every engine is compared with this.
 *
 * @param inputs elements of the program's inputs, row-major, in order.
 * @returns the outputs, in order.
 * @throws Error where an input does not fit its shape, or a step's recorded shape or element type is not what its primitive gives.
 */
export function interpret(program: Program, inputs: readonly ArrayLike<number>[]): ReferenceArray[] {
  const values: ReferenceArray[] = program.inputs.map(({ shape, dtype }, i) => {
    const data = Float64Array.from(inputs[i] ?? []);
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size) throw new Error(`interpret: input ${i} has ${data.length} elements, its shape ${formatShape(shape)} needs ${size}`);
    return { shape, dtype, data };
  });
  for (const { primitive, attributes, operands, shape, dtype } of program.steps) {
    const rule = referenceRules[primitive] as ReferenceRule<Primitive>;
    const result = rule(attributes, operands.map((number) => values[number]!));
    if (formatShape(result.shape) !== formatShape(shape) || result.dtype !== dtype) {
      throw new Error(`interpret: ${primitive} gives ${result.dtype}${formatShape(result.shape)}, recorded was ${dtype}${formatShape(shape)}`);
    }
    values.push(result);
  }
  return program.outputs.map((number) => values[number]!);
}

/** What every primitive means. */
export const referenceRules: { readonly [P in Primitive]: ReferenceRule<P> } = {
  ...shaping,
  ...elementwise,
  ...reductions,
  ...convolution,
  ...pooling,
  ...indexing,
};
