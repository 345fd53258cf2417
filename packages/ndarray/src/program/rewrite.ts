import type { ConvolutionAttributes, Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import { algebra } from './algebra.js';
import { Draft } from './draft.js';
import { type Program, type ProgramStep, useCounts } from './program.js';
import { gatherFactors } from './scalar-factors.js';

/**
 * The same program with less to compute: by rules of arithmetic (`algebra`), and by order.
 *
 * A growing function and a maximum may change places: maxPool(tanh(x)) = tanh(maxPool(x)), one tanh a window in place of one an element. The way back
 * then goes through the function before it is spread over the window.
 *
 * Factors that are numbers known only when the program runs are multiplied with each other first: see `gatherFactors`.
 *
 * Zeros added before a convolution become the convolution's own padding.
 */
export function rewrite(program: Program): Program {
  const draft = new Draft(program.inputs, rewriteStep);
  const numbers = program.inputs.map((_, i) => i);
  const uses = useCounts(program);
  for (const step of program.steps) {
    const mapped = { ...step, operands: step.operands.map((operand) => numbers[operand]!) };
    numbers.push(gatherFactors(draft, mapped, (operand) => uses.get(step.operands[operand]!) === 1) ?? draft.simplify(mapped));
  }
  return draft.finish(program.outputs.map((output) => numbers[output]!));
}

/** Functions of one number that never fall. Where relu makes equal what was not, at 0, no gradient flows anyway. */
const growing: ReadonlySet<Primitive> = new Set<Primitive>(['tanh', 'sigmoid', 'exp', 'relu']);

function rewriteStep(draft: Draft, step: ProgramStep): number {
  for (const rule of algebra[step.primitive] ?? []) {
    const simpler = rule(draft, step);
    if (simpler !== undefined) return simpler;
  }
  return pooledFirst(draft, step) ?? spreadLast(draft, step) ?? paddedInside(draft, step) ?? draft.emit(step);
}

/** maxPool(f(x)) → f(maxPool(x)). */
function pooledFirst(draft: Draft, step: ProgramStep): number | undefined {
  if (step.primitive !== 'maxPool') return undefined;
  const inner = draft.stepOf(step.operands[0]!);
  if (!inner || !growing.has(inner.primitive)) return undefined;
  const pooled = draft.emit({ ...step, operands: inner.operands });
  return draft.emit({ ...inner, operands: [pooled], shape: step.shape });
}

/**
 * spread(g) · h(f(x)) → spread(g · h(f(pooled))), where spread is the gradient of pooling f(x) and h any elementwise expression: the spread gradient is
 * zero but at each window's maximum, where f(x) is the pooled value.
 */
function spreadLast(draft: Draft, step: ProgramStep): number | undefined {
  const at = step.primitive === 'mul' ? [[0, 1], [1, 0]] as const : [];
  for (const [spreadAt, factorAt] of at) {
    const spread = draft.stepOf(step.operands[spreadAt]!);
    if (spread?.primitive !== 'maxPoolGradient') continue;
    const [activated, pooled, gradient] = spread.operands as [number, number, number];
    const inner = draft.stepOf(activated);
    const outer = draft.stepOf(pooled);
    if (!inner || !growing.has(inner.primitive) || outer?.primitive !== inner.primitive) continue;
    const factor = pooledExpression(draft, step.operands[factorAt]!, activated, pooled);
    if (factor === undefined) continue;
    const product = draft.emit({ ...step, operands: [gradient, factor], shape: outer.shape });
    return draft.emit({ ...spread, operands: [inner.operands[0]!, outer.operands[0]!, product] });
  }
  return undefined;
}

const elementwise: ReadonlySet<Primitive> = new Set<Primitive>(['neg', 'abs', 'sign', 'exp', 'add', 'sub', 'mul', 'div']);

/** The expression of full-size values again over pooled ones; undefined where it is not one of `activated` and constants alone. */
function pooledExpression(draft: Draft, number: number, activated: number, pooled: number): number | undefined {
  if (number === activated) return pooled;
  const step = draft.stepOf(number);
  const { shape } = draft.signatureOf(pooled);
  if (step?.primitive === 'broadcastTo' && draft.stepOf(step.operands[0]!)?.primitive === 'constant') return draft.emit({ ...step, attributes: { shape }, shape });
  if (!step || !elementwise.has(step.primitive)) return undefined;
  const operands: number[] = [];
  for (const operand of step.operands) {
    const again = pooledExpression(draft, operand, activated, pooled);
    if (again === undefined) return undefined;
    operands.push(again);
  }
  return draft.emit({ ...step, operands, shape });
}

/** conv(pad(x)) → conv(x) with larger pads, and the same for the gradient of its weight. */
function paddedInside(draft: Draft, step: ProgramStep): number | undefined {
  if (step.primitive !== 'conv' && step.primitive !== 'convWeightGradient') return undefined;
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
