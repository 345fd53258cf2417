import type { ConvolutionAttributes, Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import { algebra } from './algebra.js';
import { Draft } from './draft.js';
import { gradientWithoutShift, pooledFirst, spreadLast, sumBeforeSpread } from './pooled-first.js';
import { type Program, type ProgramStep, useCounts } from './program.js';
import { gatherFactors, gatherTerms } from './scalar-factors.js';

/**
 * The same program with less to compute: by rules of arithmetic (`algebra`), and by order.
 *
 * A growing function and a maximum may change places: maxPool(tanh(x)) = tanh(maxPool(x)), one tanh a window in place of one an element. The way back
 * then goes through the function before it is spread over the window. The same holds for a number added to a whole channel, whose gradient is summed before it is spread.
 *
 * Factors that are numbers known only when the program runs are multiplied with each other first, and decay is a factor of what decays: see `gatherFactors` and `gatherTerms`.
 *
 * Zeros added before a convolution become the convolution's own padding.
 */
export function rewrite(program: Program): Program {
  const draft = new Draft(program.inputs, rewriteStep);
  const numbers = program.inputs.map((_, i) => i);
  const uses = useCounts(program);
  const usesOfRewritten = new Map<number, number>();
  for (const [index, step] of program.steps.entries()) {
    const mapped = { ...step, operands: step.operands.map((operand) => numbers[operand]!) };
    const isSingle = (number: number): boolean => usesOfRewritten.get(number) === 1;
    const rewritten = gatherFactors(draft, mapped, isSingle) ?? gatherTerms(draft, mapped, isSingle) ?? draft.simplify(mapped);
    numbers.push(rewritten);
    usesOfRewritten.set(rewritten, (usesOfRewritten.get(rewritten) ?? 0) + (uses.get(program.inputs.length + index) ?? 0));
  }
  return draft.finish(program.outputs.map((output) => numbers[output]!), program.replaced);
}

type Rule = (draft: Draft, step: ProgramStep) => number | undefined;

/** Rules of order by the primitive of the outer step, tried after those of arithmetic. */
const order: { readonly [P in Primitive]?: readonly Rule[] } = {
  maxPool: [pooledFirst],
  maxPoolGradient: [gradientWithoutShift],
  mul: [spreadLast],
  reduceSum: [sumBeforeSpread],
  conv: [paddedInside],
  convWeightGradient: [paddedInside],
};

function rewriteStep(draft: Draft, step: ProgramStep): number {
  for (const rule of [...(algebra[step.primitive] ?? []), ...(order[step.primitive] ?? [])]) {
    const simpler = rule(draft, step);
    if (simpler !== undefined) return simpler;
  }
  return draft.emit(step);
}

/** conv(pad(x)) → conv(x) with larger pads, and the same for the gradient of its weight. */
function paddedInside(draft: Draft, step: ProgramStep): number | undefined {
  const inner = draft.stepOf(step.operands[0]!);
  if (inner?.primitive !== 'pad') return undefined;
  const { before, after, value } = inner.attributes as PrimitiveAttributes['pad'];
  if (value !== 0 || [before, after].some((counts) => counts[0] !== 0 || counts[1] !== 0 || counts.some((count) => count < 0))) return undefined;
  const attributes = step.attributes as ConvolutionAttributes;
  const added = (pads: readonly number[], counts: readonly number[]): number[] => pads.map((pad, axis) => pad + counts[axis + 2]!);
  return draft.emit({
    ...step,
    attributes: { ...attributes, padsBefore: added(attributes.padsBefore, before), padsAfter: added(attributes.padsAfter, after) },
    operands: [inner.operands[0]!, step.operands[1]!],
  });
}
