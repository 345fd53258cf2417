import type { Primitive } from '../../primitives/primitive.js';
import { type Program, type ProgramStep, useCounts } from '../../program/program.js';
import { broadcastShapes, sameShape, type Shape } from '../../shape.js';
import { KernelBuilder, type Slot } from './kernel-builder.js';
import { chooseLayouts, permutationTo, shapeIn, type Layout } from './layout.js';
import { lowerings, type Lowering } from './lowerings.js';

/** One operand as a lowering sees it. */
export interface Operand {
  readonly shape: Shape;
  readonly dtype: ProgramStep['dtype'];
  /** The step that computes it; undefined for an input of the program. */
  readonly step: ProgramStep | undefined;
  /** How it is computed. */
  readonly layout: Layout;
  /** Whether nobody else needs it, so that it may become a part of another call. */
  readonly single: boolean;
  /** Its slot, in a layout; lowers or moves it first where that was not done. */
  slot(layout: Layout): Slot;
  /** Operands of the step that computes it. */
  operands(): readonly Operand[];
}

/** A program as kernel calls, and the slots of its results. */
export interface LoweredProgram {
  readonly builder: KernelBuilder;
  readonly outputs: readonly Slot[];
}

/** Steps that are lowered only when somebody asks for their slot: what uses them may do without. */
const deferred: ReadonlySet<Primitive> = new Set<Primitive>(['broadcastTo', 'transpose', 'conv', 'matmul', 'reshape']);

/** The kernel calls of a program for a back end that has the kernels `has` says. The first slots are the program's inputs. */
export function lowerProgram(program: Program, has: (kernel: string) => boolean): LoweredProgram {
  const builder = new KernelBuilder(program.inputs.length, has);
  const layouts = chooseLayouts(program);
  const slots = { plain: new Map<number, Slot>(program.inputs.map((_, i) => [i, i])), channelsLast: new Map<number, Slot>() };
  const uses = useCounts(program);

  const stepOf = (number: number): ProgramStep | undefined => program.steps[number - program.inputs.length];
  const operandOf = (number: number): Operand => {
    const step = stepOf(number);
    const { shape, dtype } = step ?? program.inputs[number]!;
    return {
      shape, dtype, step, layout: layouts[number]!, single: uses.get(number) === 1,
      slot: (layout) => slotOf(number, layout),
      operands: () => step?.operands.map(operandOf) ?? [],
    };
  };
  const slotOf = (number: number, layout: Layout): Slot => {
    let slot = slots[layout].get(number);
    if (slot === undefined) {
      const step = stepOf(number);
      const { shape } = operandOf(number);
      slot = step && layouts[number] === layout ? lower(step, layout) : move(builder, slotOf(number, layouts[number]!), shape, layout);
      slots[layout].set(number, slot);
    }
    return slot;
  };
  const lower = (step: ProgramStep, layout: Layout): Slot =>
    (lowerings[step.primitive] as Lowering<Primitive>)({ builder, attributes: step.attributes as never, operands: step.operands.map(operandOf), result: step, layout });

  program.steps.forEach((step, i) => {
    const number = program.inputs.length + i;
    if (!deferred.has(step.primitive)) slotOf(number, layouts[number]!);
  });
  return { builder, outputs: program.outputs.map((number) => slotOf(number, 'plain')) };
}

/** A value of the recorded shape brought into a layout from the other one. */
function move(builder: KernelBuilder, x: Slot, shape: Shape, to: Layout): Slot {
  return builder.transpose(x, shapeIn(to === 'plain' ? 'channelsLast' : 'plain', shape), permutationTo(to, shape.length));
}

/** Slots of elementwise operands. Most kernels broadcast by themselves, so an expanded operand is given unexpanded, unless the result would then come out smaller. */
export function broadcastSlots(builder: KernelBuilder, operands: readonly Operand[], shape: Shape, layout: Layout): Slot[] {
  const sources = operands.map((operand) => (operand.step?.primitive === 'broadcastTo' ? operand.operands()[0]! : operand));
  const reached = sources.reduce<Shape | undefined>((common, { shape: next }) => common && broadcastShapes(common, next), []);
  const given = reached && sameShape(reached, shape) ? sources : operands;
  return given.map((source) => slotToBroadcast(builder, source, shape.length, layout));
}

/** The slot of a value that is to be spread over more axes, in a layout of those. */
function slotToBroadcast(builder: KernelBuilder, source: Operand, rank: number, layout: Layout): Slot {
  if (layout === 'plain' || source.shape.length === 0) return source.slot('plain');
  if (source.shape.length === rank) return source.slot(layout);
  // Missing axes are outer ones of length 1.
  const full = [...new Array<number>(rank - source.shape.length).fill(1), ...source.shape];
  return move(builder, builder.reshape(source.slot('plain'), source.shape, full), full, layout);
}
