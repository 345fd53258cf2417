import type { Primitive } from '../../primitives/primitive.js';
import { type Program, useCounts } from '../../program/program.js';
import { sameShape } from '../../shape.js';
import { elementwisePrimitives } from './layout.js';

/** Counts that tell how well a program was put together. */
export interface ProgramFacts {
  /** Steps after equal ones were made one and dead ones left out. */
  readonly steps: number;
  /** Arrays the program is fed. */
  readonly inputs: number;
  /** Arrays it computes. */
  readonly outputs: number;
  /** Steps of each primitive, the most frequent first. */
  readonly primitives: readonly { readonly primitive: Primitive; readonly steps: number }[];
  /** Uses of a result beyond its first: what would be computed again if equal expressions were not one. */
  readonly sharedUses: number;
  /** Runs of elementwise steps of one shape, each feeding only the next: what an engine may fuse. */
  readonly elementwiseChains: { readonly count: number; readonly steps: number; readonly longest: number };
}

export function programFacts(program: Program): ProgramFacts {
  const { inputs, steps, outputs } = program;
  const uses = useCounts(program);
  const counts = new Map<Primitive, number>();
  for (const { primitive } of steps) counts.set(primitive, (counts.get(primitive) ?? 0) + 1);
  // The length of the longest chain that ends at each step; a chain goes on in its only use.
  const lengths = steps.map(() => 0);
  const isContinued = steps.map(() => false);
  steps.forEach(({ primitive, operands, shape }, i) => {
    if (!elementwisePrimitives.has(primitive)) return;
    lengths[i] = 1;
    for (const operand of operands) {
      const before = operand - inputs.length;
      if (before < 0 || !lengths[before] || uses.get(operand) !== 1 || !sameShape(steps[before]!.shape, shape)) continue;
      isContinued[before] = true;
      lengths[i] = Math.max(lengths[i]!, lengths[before]! + 1);
    }
  });
  const chains = lengths.filter((length, i) => length >= 2 && !isContinued[i]);
  return {
    steps: steps.length,
    inputs: inputs.length,
    outputs: outputs.length,
    primitives: [...counts].map(([primitive, count]) => ({ primitive, steps: count })).sort((a, b) => b.steps - a.steps),
    sharedUses: steps.reduce((sum, { primitive }, i) => sum + (primitive === 'constant' ? 0 : Math.max(0, (uses.get(inputs.length + i) ?? 0) - 1)), 0),
    elementwiseChains: { count: chains.length, steps: chains.reduce((sum, length) => sum + length, 0), longest: Math.max(0, ...chains) },
  };
}
