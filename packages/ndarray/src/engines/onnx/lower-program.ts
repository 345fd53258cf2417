import type { Primitive } from '../../primitives/primitive.js';
import { type Program, type ProgramStep, useCounts } from '../../program/program.js';
import { broadcastShapes, sameShape, type Shape } from '../../shape.js';
import { GraphBuilder, type Target } from './graph-builder.js';
import { batchLastShape, chooseLayouts, keepsBatch, permutationTo, type Layout } from './layout.js';
import { lowerings, type Lowering } from './lowerings.js';
import type { OnnxGraph, OnnxNode } from './model-writer.js';

/** One operand as a lowering sees it. */
export interface Operand {
  readonly shape: Shape;
  readonly dtype: ProgramStep['dtype'];
  /** The step that computes it; undefined for an input of the program. */
  readonly step: ProgramStep | undefined;
  /** How it is computed. */
  readonly layout: Layout;
  /** Whether nobody else needs it, so that it may become a part of another node. */
  readonly single: boolean;
  /** Its name in the graph, in a layout; lowers or moves it first where that was not done. */
  name(layout: Layout): string;
  /** Operands of the step that computes it. */
  operands(): readonly Operand[];
}

/** Steps that are lowered only when somebody asks for their name: what uses them may do without, or want another layout. */
const deferred: ReadonlySet<Primitive> = new Set<Primitive>(['broadcastTo', 'transpose', 'conv', 'matmul', 'max', 'reshape', 'pad', 'regionArgMax']);

/** The ONNX graph of a program. Inputs are named `i0`, `i1` …; outputs `o0`, `o1` … in the program's order. */
export function lowerProgram(program: Program, target: Target = 'cpu'): OnnxGraph {
  const builder = new GraphBuilder(target);
  const layouts = chooseLayouts(program);
  const names = { plain: new Map<number, string>(program.inputs.map((_, i) => [i, `i${i}`])), batchLast: new Map<number, string>() };
  const uses = useCounts(program);

  const stepOf = (number: number): ProgramStep | undefined => program.steps[number - program.inputs.length];
  const operandOf = (number: number): Operand => {
    const step = stepOf(number);
    const { shape, dtype } = step ?? program.inputs[number]!;
    return {
      shape, dtype, step, layout: layouts[number]!, single: uses.get(number) === 1,
      name: (layout) => nameOf(number, layout),
      operands: () => step?.operands.map(operandOf) ?? [],
    };
  };
  const nameOf = (number: number, layout: Layout): string => {
    let name = names[layout].get(number);
    if (name === undefined) {
      const step = stepOf(number);
      const other = layout === 'plain' ? 'batchLast' : 'plain';
      const direct = step && !names[other].has(number) && (layouts[number] === layout || isFlexible(step));
      name = direct ? lower(step, layout) : builder.op('Transpose', [nameOf(number, other)], { perm: permutationTo(layout, operandOf(number).shape.length) });
      names[layout].set(number, name);
    }
    return name;
  };
  const isFlexible = ({ primitive, operands, shape }: ProgramStep): boolean =>
    (primitive === 'matmul' && shape.length === 2) || (primitive === 'reshape' && keepsBatch(operandOf(operands[0]!).shape, shape)) || primitive === 'broadcastTo';
  const lower = (step: ProgramStep, layout: Layout): string => {
    const lowering = lowerings[step.primitive] as Lowering<Primitive>;
    return lowering({ builder, attributes: step.attributes as never, operands: step.operands.map(operandOf), result: step, layout });
  };

  program.steps.forEach((step, i) => {
    const number = program.inputs.length + i;
    if (!deferred.has(step.primitive)) nameOf(number, layouts[number]!);
  });
  const nodes = withOutputs(builder.nodes, program.outputs.map((number) => nameOf(number, 'plain')));
  const outputs = program.outputs.map(operandOf).map(({ shape, dtype }, i) => ({ name: `o${i}`, type: dtype, shape }));
  const inputs = program.inputs.map(({ shape, dtype }, i) => ({ name: `i${i}`, type: dtype, shape }));
  return { nodes, initializers: builder.initializers, inputs, outputs };
}

/**
 * Gives results their names as outputs. Where a result is an input, a constant or another output too, a node of its own hands it on; elsewhere that would copy
 * whatever others need as well, such as an optimizer's moments.
 */
function withOutputs(nodes: readonly OnnxNode[], results: readonly string[]): OnnxNode[] {
  const produced = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  const copies: OnnxNode[] = [];
  results.forEach((result, i) => {
    if (produced.has(result) && !names.has(result)) names.set(result, `o${i}`);
    else copies.push({ type: 'Identity', inputs: [result], outputs: [`o${i}`], attributes: {} });
  });
  const own = (name: string): string => names.get(name) ?? name;
  return [...nodes, ...copies].map((node) => ({ ...node, inputs: node.inputs.map(own), outputs: node.outputs.map(own) }));
}

/**
 * Names of elementwise operands. ONNX broadcasts by itself, so an expanded operand is given unexpanded, unless the result would then come out smaller.
 */
export function broadcastNames(builder: GraphBuilder, operands: readonly Operand[], shape: Shape, layout: Layout): string[] {
  const sources = operands.map((operand) => (operand.step?.primitive === 'broadcastTo' ? operand.operands()[0]! : operand));
  const reached = sources.reduce<Shape | undefined>((common, { shape: next }) => common && broadcastShapes(common, next), []);
  const given = reached && sameShape(reached, shape) ? sources : operands;
  return given.map((source) => nameToBroadcast(builder, source, shape.length, layout));
}

/** The name of a value that is to be spread over more axes, in a layout of those. */
export function nameToBroadcast(builder: GraphBuilder, source: Operand, rank: number, layout: Layout): string {
  if (layout === 'plain' || source.shape.length === 0) return source.name('plain');
  // Missing axes are outer ones of length 1.
  const full = [...new Array<number>(rank - source.shape.length).fill(1), ...source.shape];
  return full[0] === 1 ? builder.reshape(source.name('plain'), batchLastShape(full)) : source.name('batchLast');
}
