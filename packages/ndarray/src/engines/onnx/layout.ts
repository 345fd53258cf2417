import type { ConvolutionAttributes, Primitive, WindowAttributes } from '../../primitives/primitive.js';
import { type Program, type ProgramStep, signatureOf } from '../../program/program.js';
import { sameShape, sizeOf, type Shape } from '../../shape.js';

/**
 * How a value lies in memory: as recorded, or with its first axis, the batch, behind all others. With the batch innermost a convolution is one
 * convolution of a single wide image, dilated by the batch; columns for weight gradients are gathered in blocks of whole batches; and a pooling window
 * is a few long rows to compare.
 */
export type Layout = 'plain' | 'batchLast';

/** The shape of a value with its batch axis last. */
export function batchLastShape([batch, ...rest]: Shape): number[] {
  return [...rest, batch!];
}

/** An axis of the recorded shape, counted in the batch-last one. */
export function batchLastAxis(axis: number, rank: number): number {
  return axis === 0 ? rank - 1 : axis - 1;
}

/** The permutation that brings a value into a layout from the other one. */
export function permutationTo(layout: Layout, rank: number): number[] {
  const axes = Array.from({ length: rank - 1 }, (_, i) => i);
  return layout === 'batchLast' ? [...axes.map((axis) => axis + 1), 0] : [rank - 1, ...axes];
}

/** Steps that work element by element, whatever the order of axes. */
export const elementwisePrimitives: ReadonlySet<Primitive> = new Set<Primitive>([
  'neg', 'abs', 'sign', 'exp', 'log', 'sqrt', 'sin', 'cos', 'tanh', 'erf', 'sigmoid', 'relu', 'floor', 'not', 'cast', 'add', 'sub', 'mul', 'div', 'pow', 'max', 'min',
  'equal', 'less', 'and', 'where',
]);

const reductions: ReadonlySet<Primitive> = new Set<Primitive>(['reduceSum', 'reduceMax', 'reduceMin', 'reduceProd']);

/** Batches below this are too short to be worth moving. */
export const smallestBatch = 8;

/** Elements above which the table of gathered columns of a weight gradient costs more memory than its speed is worth. */
const largestColumns = 64 * 1024 * 1024;

/** Whether a weight gradient can afford its table of columns. */
export function fitsColumns(x: Shape, gradient: Shape, kernel: readonly number[]): boolean {
  return x[0]! * x[1]! * sizeOf(kernel) * sizeOf(gradient.slice(2)) <= largestColumns;
}

/** Whether the windows lie side by side and fill the input: what pools without an index. */
export function tiles({ kernel, strides, padsBefore, padsAfter }: WindowAttributes, spatial: readonly number[]): boolean {
  return kernel.every((length, i) => length === strides[i] && padsBefore[i] === 0 && padsAfter[i] === 0 && spatial[i]! % length === 0);
}

/**
 * The layout of every value of a program, by number. The batch goes last in programs all of whose convolutions and poolings gain by it; a program with one
 * that does not would spend on moving what it saves.
 */
export function chooseLayouts(program: Program): Layout[] {
  const layouts: Layout[] = program.inputs.map(() => 'plain');
  const windows = program.steps.filter(({ primitive }) => Object.hasOwn(gains, primitive));
  const worthwhile = windows.length > 0 && windows.every((step) => gains[step.primitive]!(step, (i) => shapeOf(program, step.operands[i]!)));
  for (const step of program.steps) layouts.push(worthwhile && staysBatchLast(program, step, layouts) ? 'batchLast' : 'plain');
  return layouts;
}

function shapeOf(program: Program, number: number): Shape {
  return signatureOf(program, number).shape;
}

type OperandShape = (index: number) => Shape;

/** Steps with windows, and when they gain. */
const gains: { readonly [P in Primitive]?: (step: ProgramStep, operand: OperandShape) => boolean } = {
  conv: convolutionGains,
  convInputGradient: convolutionGains,
  convWeightGradient: (step, operand) => fitsColumns(operand(0), operand(1), (step.attributes as { kernel: readonly number[] }).kernel),
  maxPool: (step, operand) => tiles(step.attributes as WindowAttributes, operand(0).slice(2)),
  maxPoolGradient: (step, operand) => tiles(step.attributes as WindowAttributes, operand(0).slice(2)),
};

/** A step along the last axis would step over samples. */
function convolutionGains({ attributes }: ProgramStep, operand: OperandShape): boolean {
  return (attributes as ConvolutionAttributes).strides.at(-1) === 1 && operand(0)[0]! >= smallestBatch;
}

function staysBatchLast(program: Program, step: ProgramStep, layouts: readonly Layout[]): boolean {
  const isMoved = (number: number): boolean => layouts[number] === 'batchLast';
  const { primitive, operands, shape } = step;
  if (primitive === 'conv' || primitive === 'convInputGradient' || primitive === 'maxPool' || primitive === 'maxPoolGradient') return true;
  if (elementwisePrimitives.has(primitive)) return shape.length >= 3 && operands.some((operand) => isMoved(operand) && sameShape(shapeOf(program, operand), shape));
  if (primitive === 'reshape') return shape.length >= 2 && isMoved(operands[0]!) && keepsBatch(shapeOf(program, operands[0]!), shape);
  if (reductions.has(primitive)) return shape.length >= 2 && isMoved(operands[0]!) && !(step.attributes as { axes: readonly number[] }).axes.includes(0);
  return false;
}

/** Whether a reshape leaves the batch axis as it is. */
export function keepsBatch(from: Shape, to: Shape): boolean {
  return from.length >= 2 && to.length >= 2 && from[0] === to[0];
}
