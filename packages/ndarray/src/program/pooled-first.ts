import type { Primitive } from '../primitives/primitive.js';
import type { Draft } from './draft.js';
import type { ProgramStep } from './program.js';

/** Functions of one number that never fall. Where relu makes equal what was not, at 0, no gradient flows anyway. */
const growing: ReadonlySet<Primitive> = new Set<Primitive>(['tanh', 'sigmoid', 'exp', 'relu']);

/** maxPool(f(x)) → f(maxPool(x)), and maxPool(x + b) → maxPool(x) + b for a number b a channel. */
export function pooledFirst(draft: Draft, step: ProgramStep): number | undefined {
  const inner = draft.stepOf(step.operands[0]!);
  if (inner && growing.has(inner.primitive)) {
    const pooled = draft.simplify({ ...step, operands: inner.operands });
    return draft.emit({ ...inner, operands: [pooled], shape: step.shape });
  }
  const shifted = shiftedBy(draft, step.operands[0]!);
  if (!shifted) return undefined;
  const pooled = draft.simplify({ ...step, operands: [shifted.x] });
  const { shape, dtype } = step;
  const shift = draft.emit({ primitive: 'broadcastTo', attributes: { shape }, operands: [shifted.shift], shape, dtype });
  return draft.emit({ primitive: 'add', attributes: {}, operands: [pooled, shift], shape, dtype });
}

/** The gradient of pooling x + b, where the pooled value was computed as maxPool(x) + b, is that of pooling x. */
export function gradientWithoutShift(draft: Draft, step: ProgramStep): number | undefined {
  const [x, pooled, gradient] = step.operands as [number, number, number];
  const [before, after] = [shiftedBy(draft, x), shiftedBy(draft, pooled)];
  return before && after && before.shift === after.shift ? draft.simplify({ ...step, operands: [before.x, after.x, gradient] }) : undefined;
}

/**
 * spread(g) · h(f(x)) → spread(g · h(f(pooled))), where spread is the gradient of pooling f(x) and h any elementwise expression: the spread gradient is
 * zero but at each window's maximum, where f(x) is the pooled value.
 */
export function spreadLast(draft: Draft, step: ProgramStep): number | undefined {
  for (const [spreadAt, factorAt] of [[0, 1], [1, 0]] as const) {
    const spread = draft.stepOf(step.operands[spreadAt]!);
    if (spread?.primitive !== 'maxPoolGradient') continue;
    const [activated, pooled, gradient] = spread.operands as [number, number, number];
    const inner = draft.stepOf(activated);
    const outer = draft.stepOf(pooled);
    if (!inner || !growing.has(inner.primitive) || outer?.primitive !== inner.primitive) continue;
    const factor = pooledExpression(draft, step.operands[factorAt]!, activated, pooled);
    if (factor === undefined) continue;
    const product = draft.emit({ ...step, operands: [gradient, factor], shape: outer.shape });
    return draft.simplify({ ...spread, operands: [inner.operands[0]!, outer.operands[0]!, product] });
  }
  return undefined;
}

/** The sum of a spread gradient over whole planes is that of the gradient: every window's goes to one place. */
export function sumBeforeSpread(draft: Draft, step: ProgramStep): number | undefined {
  const spread = draft.stepOf(step.operands[0]!);
  const { axes } = step.attributes as { readonly axes: readonly number[] };
  if (spread?.primitive !== 'maxPoolGradient' || spread.shape.some((_, axis) => axis >= 2 && !axes.includes(axis))) return undefined;
  return draft.simplify({ ...step, operands: [spread.operands[2]!] });
}

/** A sum x + b taken apart, where b is the same all over a plane and its source, of the same rank, is `shift`. */
function shiftedBy(draft: Draft, number: number): { readonly x: number; readonly shift: number } | undefined {
  const step = draft.stepOf(number);
  if (step?.primitive !== 'add' || step.dtype !== 'float32') return undefined;
  for (const [at, otherAt] of [[1, 0], [0, 1]] as const) {
    const spread = draft.stepOf(step.operands[at]!);
    if (spread?.primitive !== 'broadcastTo') continue;
    const [shift] = spread.operands as [number];
    const { shape } = draft.signatureOf(shift);
    if (shape.length === step.shape.length && shape.every((length, axis) => axis === 1 || length === 1)) return { x: step.operands[otherAt]!, shift };
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
