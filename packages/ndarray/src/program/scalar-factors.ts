import type { Draft } from './draft.js';
import { constantValue, type ProgramStep } from './program.js';

/** Whether nothing but the present step needs a value, by its number in the draft. */
export type IsSingle = (number: number) => boolean;

/**
 * (x · s) · t → x · (s · t) and (x · s / y) · t → x · (s · t) / y with numbers s and t: one pass over the elements instead of two, where an optimizer rescales a
 * gradient and multiplies it by a learning rate; (x · s)² · t and (x · s + y · t) · u likewise. Of two numbers that are
 * known beforehand `algebra` takes care.
 */
export function gatherFactors(draft: Draft, step: ProgramStep, isSingle: IsSingle): number | undefined {
  if (step.primitive !== 'mul' || step.dtype !== 'float32' || step.shape.length === 0) return undefined;
  for (const [scaledAt, factorAt] of [[0, 1], [1, 0]] as const) {
    const factor = numberOf(draft, step.operands[factorAt]!);
    const number = step.operands[scaledAt]!;
    const scaled = draft.stepOf(number);
    if (factor === undefined || !scaled) continue;
    const product = timesFactor(draft, scaled, factor);
    if (product !== undefined) return product;
    if (!isSingle(number)) continue;
    const other = squareTimesFactor(draft, scaled, factor) ?? sumTimesFactor(draft, scaled, factor);
    if (other !== undefined) return other;
    const [numerator, denominator] = scaled.operands;
    const above = scaled.primitive === 'div' ? draft.stepOf(numerator!) : undefined;
    const raised = above && timesFactor(draft, above, factor);
    if (raised !== undefined) return draft.emit({ ...scaled, operands: [raised, denominator!] });
  }
  return undefined;
}

/** w + (x ± w · t) → w · (1 ± t) + x with a number t: weight decay is a factor of the weight. */
export function gatherTerms(draft: Draft, step: ProgramStep, isSingle: IsSingle): number | undefined {
  if (step.primitive !== 'add' || step.dtype !== 'float32' || step.shape.length === 0) return undefined;
  for (const [at, otherAt] of [[0, 1], [1, 0]] as const) {
    const [whole, sum] = [step.operands[at]!, step.operands[otherAt]!];
    const inner = draft.stepOf(sum);
    if (!inner || !isSingle(sum) || (inner.primitive !== 'add' && inner.primitive !== 'sub')) continue;
    for (const [partAt, restAt] of inner.primitive === 'sub' ? [[1, 0] as const] : [[1, 0] as const, [0, 1] as const]) {
      const part = draft.stepOf(inner.operands[partAt]!);
      const scaled = part && scaledBy(draft, part);
      if (scaled?.x !== whole) continue;
      const one = draft.emit({ primitive: 'constant', attributes: { value: 1, dtype: 'float32' }, operands: [], shape: [], dtype: 'float32' });
      const factor = draft.simplify({ primitive: inner.primitive, attributes: {}, operands: [one, scaled.factor], shape: [], dtype: 'float32' });
      return draft.emit({ ...step, operands: [times(draft, step, whole, [factor]), inner.operands[restAt]!] });
    }
  }
  return undefined;
}

/** x · s · t of a step x · s. */
function timesFactor(draft: Draft, step: ProgramStep, factor: number): number | undefined {
  const scaled = scaledBy(draft, step);
  if (!scaled || (knownValue(draft, scaled.factor) !== undefined && knownValue(draft, factor) !== undefined)) return undefined;
  return times(draft, step, scaled.x, [scaled.factor, factor]);
}

/** (x · s)² · t = x² · (s · s · t): x · s itself is then often needed by nobody. */
function squareTimesFactor(draft: Draft, step: ProgramStep, factor: number): number | undefined {
  const [a, b] = step.operands;
  const root = step.primitive === 'mul' && a === b ? draft.stepOf(a!) : undefined;
  const scaled = root && scaledBy(draft, root);
  // Squared without its factor, x must not leave the range of the numbers.
  const size = scaled ? Math.abs(knownValue(draft, scaled.factor) ?? 0) : 0;
  if (!scaled || size < 1e-6 || size > 1e6) return undefined;
  return times(draft, step, draft.emit({ ...step, operands: [scaled.x, scaled.x] }), [scaled.factor, scaled.factor, factor]);
}

/** (x · s ± y · t) · u = x · (s · u) ± y · (t · u). */
function sumTimesFactor(draft: Draft, step: ProgramStep, factor: number): number | undefined {
  if (step.primitive !== 'add' && step.primitive !== 'sub') return undefined;
  const [left, right] = step.operands.map((operand) => {
    const term = draft.stepOf(operand);
    return term && timesFactor(draft, term, factor);
  });
  return left === undefined || right === undefined ? undefined : draft.emit({ ...step, operands: [left, right] });
}

/** A step x · s taken apart. */
function scaledBy(draft: Draft, { primitive, operands }: ProgramStep): { readonly x: number; readonly factor: number } | undefined {
  if (primitive !== 'mul') return undefined;
  for (const [at, otherAt] of [[1, 0], [0, 1]] as const) {
    const factor = numberOf(draft, operands[at]!);
    if (factor !== undefined) return { x: operands[otherAt]!, factor };
  }
  return undefined;
}

/** x times the product of numbers, as a step of this type and shape. */
function times(draft: Draft, like: ProgramStep, x: number, factors: readonly number[]): number {
  const product = factors.reduce((all, one) => draft.simplify({ primitive: 'mul', attributes: {}, operands: [all, one], shape: [], dtype: like.dtype }));
  const spread = draft.emit({ ...like, primitive: 'broadcastTo', attributes: { shape: like.shape }, operands: [product] });
  return draft.simplify({ ...like, primitive: 'mul', attributes: {}, operands: [x, spread] });
}

/** The number a value of shape () is, where that does not wait for a run. */
function knownValue(draft: Draft, number: number): number | undefined {
  return constantValue(draft.stepOf(number));
}

/** The value of shape () that an operand spreads over all elements. */
function numberOf(draft: Draft, operand: number): number | undefined {
  const step = draft.stepOf(operand);
  if (step?.primitive !== 'broadcastTo') return undefined;
  const [source] = step.operands;
  return draft.signatureOf(source!).shape.length === 0 ? source : undefined;
}
