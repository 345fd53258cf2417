import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import { sameShape, sizeOf, type Shape } from '../shape.js';
import type { Draft } from './draft.js';
import type { ProgramStep } from './program.js';

/** The number of an equal value that costs less, or undefined. */
type Rule = (draft: Draft, step: ProgramStep) => number | undefined;

/** Arithmetic of two known numbers. */
const folds: { readonly [P in Primitive]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** The operand that a number on the other side leaves as it is: 0 + x, 1 · x. */
const neutral: { readonly [P in Primitive]?: { readonly left?: number; readonly right: number } } = {
  add: { left: 0, right: 0 },
  sub: { right: 0 },
  mul: { left: 1, right: 1 },
  div: { right: 1 },
};

/** Elementwise steps that give, of numbers spread over more axes, numbers spread over more axes. */
const spreading: ReadonlySet<Primitive> = new Set<Primitive>(['neg', 'exp', 'log', 'sqrt', 'add', 'sub', 'mul', 'div', 'max', 'min']);

/**
 * Rules of arithmetic by the primitive of the outer step, tried in order. They hold for every number; only the rounding of the last place may come out
 * otherwise.
 */
export const algebra: { readonly [P in Primitive]?: readonly Rule[] } = {
  neg: [negativeConstant, negativeDifference, spreadLater],
  exp: [spreadLater],
  log: [spreadLater],
  sqrt: [spreadLater],
  max: [spreadLater],
  min: [spreadLater],
  add: [folded, withoutNeutral, spreadLater, plusNegative, addedOntoSlices, joinedPieces],
  sub: [folded, withoutNeutral, spreadLater, minusNegative],
  mul: [folded, withoutNeutral, spreadLater, oneFactor, negativeFactor, oneMask],
  div: [folded, withoutNeutral, spreadLater],
  reshape: [oneReshape],
};

/** The number a value is everywhere; undefined where that is not known, or where it is no float32. */
function constantOf(draft: Draft, number: number): number | undefined {
  const step = draft.stepOf(number);
  if (step?.primitive === 'broadcastTo' || step?.primitive === 'reshape') return constantOf(draft, step.operands[0]!);
  const { value, dtype } = (step?.primitive === 'constant' ? step.attributes : {}) as Partial<PrimitiveAttributes['constant']>;
  return dtype === 'float32' ? value : undefined;
}

function filled(draft: Draft, value: number, shape: Shape): number {
  const single = draft.emit({ primitive: 'constant', attributes: { value: Math.fround(value), dtype: 'float32' }, operands: [], shape: [], dtype: 'float32' });
  return sameShape(shape, []) ? single : draft.emit({ primitive: 'broadcastTo', attributes: { shape: [...shape] }, operands: [single], shape, dtype: 'float32' });
}

/** Emits a step of the same shape and type with other operands. */
function again(draft: Draft, { shape, dtype }: ProgramStep, primitive: Primitive, operands: readonly number[]): number {
  return draft.simplify({ primitive, attributes: {}, operands, shape, dtype });
}

function stepAt(draft: Draft, number: number, primitive: Primitive): ProgramStep | undefined {
  const step = draft.stepOf(number);
  return step?.primitive === primitive ? step : undefined;
}

function negativeConstant(draft: Draft, { operands: [x], shape }: ProgramStep): number | undefined {
  const value = constantOf(draft, x!);
  return value === undefined ? undefined : filled(draft, -value, shape);
}

/** −(a − b) → b − a; −(−x) → x; −(x·c) → x·(−c). */
function negativeDifference(draft: Draft, step: ProgramStep): number | undefined {
  const inner = draft.stepOf(step.operands[0]!);
  if (inner?.primitive === 'neg') return inner.operands[0]!;
  if (inner?.primitive === 'sub') return again(draft, step, 'sub', [inner.operands[1]!, inner.operands[0]!]);
  const scaled = scaledBy(draft, step.operands[0]!);
  return scaled && again(draft, step, 'mul', [scaled.x, filled(draft, -scaled.factor, step.shape)]);
}

function folded(draft: Draft, { primitive, operands: [a, b], shape }: ProgramStep): number | undefined {
  const [left, right] = [constantOf(draft, a!), constantOf(draft, b!)];
  return left === undefined || right === undefined ? undefined : filled(draft, folds[primitive]!(left, right), shape);
}

function withoutNeutral(draft: Draft, { primitive, operands: [a, b] }: ProgramStep): number | undefined {
  const { left, right } = neutral[primitive]!;
  if (constantOf(draft, b!) === right) return a!;
  return left !== undefined && constantOf(draft, a!) === left ? b! : undefined;
}

/** f(spread a, spread b) → spread f(a, b): computed before there are many. */
function spreadLater(draft: Draft, step: ProgramStep): number | undefined {
  if (!spreading.has(step.primitive)) return undefined;
  const sources = step.operands.map((operand) => stepAt(draft, operand, 'broadcastTo')?.operands[0]);
  const known = sources.filter((source) => source !== undefined);
  // A number by itself is spread by the engine for nothing.
  const widest = known.map((source) => draft.signatureOf(source).shape).reduce<Shape>((a, b) => (b.length >= a.length ? b : a), []);
  if (known.length < sources.length || widest.length === 0 || sizeOf(widest) === sizeOf(step.shape)) return undefined;
  const operands: number[] = [];
  for (const [i, source] of known.entries()) {
    const { shape } = draft.signatureOf(source);
    const constant = constantOf(draft, step.operands[i]!);
    if (constant !== undefined) operands.push(filled(draft, constant, widest));
    else if (sameShape(shape, widest)) operands.push(source);
    else return undefined;
  }
  const inner = draft.simplify({ ...step, operands, shape: widest });
  return draft.emit({ ...step, primitive: 'broadcastTo', attributes: { shape: [...step.shape] }, operands: [inner] });
}

/** x·c as x and c. */
function scaledBy(draft: Draft, number: number): { x: number; factor: number } | undefined {
  const step = stepAt(draft, number, 'mul');
  if (!step) return undefined;
  const [a, b] = step.operands as [number, number];
  const [left, right] = [constantOf(draft, a), constantOf(draft, b)];
  if (right !== undefined) return { x: a, factor: right };
  return left === undefined ? undefined : { x: b, factor: left };
}

/** (x·c)·d → x·(c·d), unless the product of the numbers is so large or small that it would be another one. */
function oneFactor(draft: Draft, step: ProgramStep): number | undefined {
  const [a, b] = step.operands as [number, number];
  for (const [outer, inner] of [[a, b], [b, a]] as const) {
    const factor = constantOf(draft, outer);
    const scaled = factor === undefined ? undefined : scaledBy(draft, inner);
    if (!scaled) continue;
    const product = factor! * scaled.factor;
    if (Math.abs(product) > 1e-30 && Math.abs(product) < 1e30) return again(draft, step, 'mul', [scaled.x, filled(draft, product, step.shape)]);
  }
  return undefined;
}

/** (−x)·c → x·(−c). */
function negativeFactor(draft: Draft, step: ProgramStep): number | undefined {
  const [a, b] = step.operands as [number, number];
  for (const [outer, inner] of [[a, b], [b, a]] as const) {
    const factor = constantOf(draft, outer);
    const negative = stepAt(draft, inner, 'neg');
    if (factor !== undefined && negative) return again(draft, step, 'mul', [negative.operands[0]!, filled(draft, -factor, step.shape)]);
  }
  return undefined;
}

/** (g·mask)·mask → g·(mask and mask): flags are a quarter as long. */
function oneMask(draft: Draft, step: ProgramStep): number | undefined {
  const maskOf = (number: number): number | undefined => {
    const cast = stepAt(draft, number, 'cast');
    return cast && draft.signatureOf(cast.operands[0]!).dtype === 'bool' ? cast.operands[0] : undefined;
  };
  const [product, outer] = step.operands as [number, number];
  const inner = stepAt(draft, product, 'mul');
  const [first, second] = [inner && maskOf(inner.operands[1]!), maskOf(outer)];
  if (!inner || first === undefined || second === undefined) return undefined;
  const both = draft.emit({ primitive: 'and', attributes: {}, operands: [first, second], shape: step.shape, dtype: 'bool' });
  const mask = draft.emit({ primitive: 'cast', attributes: { dtype: 'float32' }, operands: [both], shape: step.shape, dtype: 'float32' });
  return again(draft, step, 'mul', [inner.operands[0]!, mask]);
}

/** Reshapes of reshapes → one, or none where the first shape comes back. */
function oneReshape(draft: Draft, step: ProgramStep): number | undefined {
  const [x] = step.operands as [number];
  if (sameShape(draft.signatureOf(x).shape, step.shape)) return x;
  const inner = stepAt(draft, x, 'reshape');
  return inner && draft.simplify({ ...step, operands: inner.operands });
}

/** a + (−b) → a − b, (−a) + b → b − a. */
function plusNegative(draft: Draft, step: ProgramStep): number | undefined {
  const [a, b] = step.operands as [number, number];
  for (const [x, y] of [[a, b], [b, a]] as const) {
    const negative = stepAt(draft, y, 'neg');
    if (negative) return again(draft, step, 'sub', [x, negative.operands[0]!]);
  }
  return undefined;
}

/** a − (−b) → a + b. */
function minusNegative(draft: Draft, step: ProgramStep): number | undefined {
  const negative = stepAt(draft, step.operands[1]!, 'neg');
  return negative && again(draft, step, 'add', [step.operands[0]!, negative.operands[0]!]);
}

/** a + (zeros with slices added) → a with slices added. */
function addedOntoSlices(draft: Draft, step: ProgramStep): number | undefined {
  const [a, b] = step.operands as [number, number];
  for (const [x, y] of [[a, b], [b, a]] as const) {
    const scattered = stepAt(draft, y, 'scatterAdd');
    if (scattered && constantOf(draft, scattered.operands[0]!) === 0) return draft.emit({ ...scattered, operands: [x, ...scattered.operands.slice(1)] });
  }
  return undefined;
}

interface Piece {
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
  /** Along the axis, in order. */
  readonly parts: readonly number[];
}

/** What zeros were put around, along one axis: the gradient of a slice. */
function pieceOf(draft: Draft, number: number): Piece | undefined {
  const step = stepAt(draft, number, 'pad');
  if (!step) return undefined;
  const { before, after, value } = step.attributes as PrimitiveAttributes['pad'];
  const axes = before.map((_, axis) => axis).filter((axis) => before[axis] !== 0 || after[axis] !== 0);
  const [axis] = axes;
  if (value !== 0 || axes.length !== 1 || axis === undefined) return undefined;
  const inner = stepAt(draft, step.operands[0]!, 'concat');
  const isJoined = inner && (inner.attributes as PrimitiveAttributes['concat']).axis === axis;
  return { axis, begin: before[axis]!, end: step.shape[axis]! - after[axis]!, parts: isJoined ? inner.operands : [step.operands[0]!] };
}

/**
 * Neighbours with zeros around → both side by side, with zeros around: what is left of the gradients of slices that were cut from one value is one
 * `concat`, where every sum would pass over the whole.
 */
function joinedPieces(draft: Draft, step: ProgramStep): number | undefined {
  const pieces = step.operands.map((operand) => pieceOf(draft, operand));
  const [first, second] = pieces[0] && pieces[1] && pieces[0].begin > pieces[1].begin ? [pieces[1], pieces[0]] : pieces;
  if (!first || !second || first.axis !== second.axis || first.end !== second.begin) return undefined;
  const { axis } = first;
  const shape = step.shape.map((length, i) => (i === axis ? second.end - first.begin : length));
  const joined = draft.emit({ primitive: 'concat', attributes: { axis }, operands: [...first.parts, ...second.parts], shape, dtype: step.dtype });
  const [before, after] = [first.begin, step.shape[axis]! - second.end];
  if (before === 0 && after === 0) return joined;
  const zeros = step.shape.map(() => 0);
  const along = (length: number): number[] => zeros.map((zero, i) => (i === axis ? length : zero));
  return draft.emit({ primitive: 'pad', attributes: { before: along(before), after: along(after), value: 0 }, operands: [joined], shape: step.shape, dtype: step.dtype });
}
