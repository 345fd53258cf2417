import type { Primitive } from '../../primitives/primitive.js';
import type { Program, ProgramStep } from '../../program/program.js';
import { broadcastShapes, sameShape } from '../../shape.js';
import { GraphBuilder } from './graph-builder.js';
import { lowerings, type Lowering } from './lowerings.js';
import type { OnnxGraph } from './model-writer.js';

/** One operand as a lowering sees it. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: ProgramStep['dtype'];
  /** The step that computes it; undefined for an input of the program. */
  readonly step: ProgramStep | undefined;
  /** Whether nobody else needs it, so that it may become a part of another node. */
  readonly single: boolean;
  /** Its name in the graph; lowers it first where that was put off. */
  name(): string;
  /** Operands of the step that computes it. */
  operands(): readonly Operand[];
}

/** Steps that are lowered only when somebody asks for their name: what uses them may do without. */
const deferred: ReadonlySet<Primitive> = new Set<Primitive>(['broadcastTo', 'transpose', 'conv', 'matmul', 'reshape']);

/** The ONNX graph of a program. Inputs are named `i0`, `i1` …; outputs `o0`, `o1` … in the program's order. */
export function lowerProgram(program: Program): OnnxGraph {
  const builder = new GraphBuilder();
  const names = new Map<number, string>(program.inputs.map((_, i) => [i, `i${i}`]));
  const uses = new Map<number, number>();
  const count = (number: number): void => void uses.set(number, (uses.get(number) ?? 0) + 1);
  for (const step of program.steps) step.operands.forEach(count);
  program.outputs.forEach(count);

  const operandOf = (number: number): Operand => {
    const step = program.steps[number - program.inputs.length];
    const { shape, dtype } = step ?? program.inputs[number]!;
    return { shape, dtype, step, single: uses.get(number) === 1, name: () => nameOf(number), operands: () => step?.operands.map(operandOf) ?? [] };
  };
  const nameOf = (number: number): string => {
    let name = names.get(number);
    if (name === undefined) {
      name = lower(program.steps[number - program.inputs.length]!);
      names.set(number, name);
    }
    return name;
  };
  const lower = (step: ProgramStep): string => {
    const lowering = lowerings[step.primitive] as Lowering<Primitive>;
    return lowering({ builder, attributes: step.attributes as never, operands: step.operands.map(operandOf), result: step });
  };

  program.steps.forEach((step, i) => {
    if (!deferred.has(step.primitive)) nameOf(program.inputs.length + i);
  });
  const outputs = program.outputs.map((number, i) => {
    const { shape, dtype } = operandOf(number);
    // A result may be an input, a constant or another result's node: each output is a node of its own.
    builder.nodes.push({ type: 'Identity', inputs: [nameOf(number)], outputs: [`o${i}`], attributes: {} });
    return { name: `o${i}`, type: dtype, shape };
  });
  const inputs = program.inputs.map(({ shape, dtype }, i) => ({ name: `i${i}`, type: dtype, shape }));
  return { nodes: builder.nodes, initializers: builder.initializers, inputs, outputs };
}

/**
 * Names of elementwise operands. ONNX broadcasts by itself, so an expanded operand is given unexpanded, unless the result would then come out smaller.
 */
export function broadcastNames(operands: readonly Operand[], shape: readonly number[]): string[] {
  const sources = operands.map((operand) => (operand.step?.primitive === 'broadcastTo' ? operand.operands()[0]! : operand));
  const reached = sources.reduce<readonly number[] | undefined>((common, { shape: next }) => common && broadcastShapes(common, next), []);
  if (reached && sameShape(reached, shape)) return sources.map((source) => source.name());
  return operands.map((operand) => operand.name());
}
