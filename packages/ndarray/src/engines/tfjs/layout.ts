import type { Primitive } from '../../primitives/primitive.js';
import { type Program, type ProgramStep, signatureOf } from '../../program/program.js';
import { sameShape, type Shape } from '../../shape.js';
import { elementwisePrimitives } from '../onnx/layout.js';

/** How a value lies in memory: as recorded, N,C,spatial…, or with the channels behind the spatial axes, the way TensorFlow.js convolves and pools. */
export type Layout = 'plain' | 'channelsLast';

/** The axes of the recorded shape in the order in which they lie. */
export function axisOrder(layout: Layout, rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return layout === 'plain' ? axes : [0, ...axes.slice(2), 1];
}

/** The permutation that brings a value into a layout from the other one. */
export function permutationTo(layout: Layout, rank: number): number[] {
  return layout === 'channelsLast' ? axisOrder(layout, rank) : [0, rank - 1, ...axisOrder('plain', rank).slice(1, -1)];
}

/** A recorded shape as it lies in memory. */
export function shapeIn(layout: Layout, shape: Shape): number[] {
  return axisOrder(layout, shape.length).map((axis) => shape[axis]!);
}

/** Where a recorded axis stands in memory. */
export function axisIn(layout: Layout, axis: number, rank: number): number {
  return axisOrder(layout, rank).indexOf(axis);
}

/** How a reduction's result lies if its operand lies so; undefined if in neither way. */
export function reducedLayout(layout: Layout, rank: number, axes: readonly number[]): Layout | undefined {
  const left = axisOrder(layout, rank).filter((axis) => !axes.includes(axis));
  const recorded = left.toSorted((a, b) => a - b);
  return (['plain', 'channelsLast'] as const).find((each) => sameShape(left, axisOrder(each, left.length).map((position) => recorded[position]!)));
}

const windowed: ReadonlySet<Primitive> = new Set<Primitive>(['conv', 'convInputGradient', 'maxPool', 'maxPoolGradient']);
export const reductions: ReadonlySet<Primitive> = new Set<Primitive>(['reduceSum', 'reduceMax', 'reduceMin', 'reduceProd']);

/** The layout in which each of a program's numbers is computed: channels last from a convolution or pooling on, as far as elementwise steps and reductions reach. */
export function chooseLayouts(program: Program): readonly Layout[] {
  const layouts: Layout[] = program.inputs.map(() => 'plain');
  const shapeOf = (number: number): Shape => signatureOf(program, number).shape;
  for (const step of program.steps) layouts.push(layoutOf(step, layouts, shapeOf));
  return layouts;
}

function layoutOf({ primitive, operands, shape, attributes }: ProgramStep, layouts: readonly Layout[], shapeOf: (number: number) => Shape): Layout {
  if (windowed.has(primitive)) return 'channelsLast';
  if (elementwisePrimitives.has(primitive)) {
    return operands.some((operand) => layouts[operand] === 'channelsLast' && sameShape(shapeOf(operand), shape)) ? 'channelsLast' : 'plain';
  }
  if (reductions.has(primitive)) {
    const [x] = operands as [number];
    return reducedLayout(layouts[x]!, shapeOf(x).length, (attributes as { axes: readonly number[] }).axes) ?? 'plain';
  }
  return 'plain';
}
