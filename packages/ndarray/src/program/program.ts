import type { Primitive, PrimitiveAttributes } from '../primitives/primitive.js';
import type { Signature } from '../primitives/shape-rules.js';
import type { Call, Value } from '../recording/value.js';

/** One operation of a program, with its result's shape and type. Operands are numbers: first the inputs', then the steps' in order. */
export interface ProgramStep<P extends Primitive = Primitive> extends Signature {
  /** Which operation. */
  readonly primitive: P;
  /** What it is told beside its operands. */
  readonly attributes: PrimitiveAttributes[P];
  /** Numbers of what it takes; each smaller than its own. */
  readonly operands: readonly number[];
}

/** The canonical list of steps that computes a set of roots: what an engine compiles. */
export interface Program {
  /** Shape and type of each input, in the order `Compiled.run` takes them. Input i has the number i. */
  readonly inputs: readonly Signature[];
  /** The operations, operands before what uses them. Step i has the number inputs + i. */
  readonly steps: readonly ProgramStep[];
  /** Numbers of the results, without repetition, in the order `Compiled.run` gives them. */
  readonly outputs: readonly number[];
  /**
   * By output, the input that the array which is to hold it holds until then: what an optimizer updates. Undefined for an output that no array is to hold in an
   * input's place; none unless given.
   */
  readonly replaced?: readonly (number | undefined)[];
}

/** What recorded values say, before it is decided which constants become inputs. */
export interface Outline {
  /** Equal for two outlines that differ only in their constants. */
  readonly key: string;
  /** Values with numbers (or placeholders) that the roots need: the program's inputs, in order. */
  readonly leaves: readonly Value[];
  /** Values to be computed, operands before what uses them; without those of calls. */
  readonly pending: readonly Value[];
  /** Whether some of what is computed stands in calls that are still to be unfolded. */
  readonly hasCalls: boolean;
  /** Values to be computed, aliases resolved, without repetition. */
  readonly roots: readonly Value[];
  /** Scalar constants among `pending`; those of calls are a part of the key. */
  readonly constants: readonly Value[];
}

/** Steps whose result is their first operand: they only tell derivatives something. */
const transparent: ReadonlySet<Primitive> = new Set<Primitive>(['alias', 'withDerivative']);

/** Whether a value is another one under a name of its own. */
export function isTransparent(value: Value): boolean {
  return value.call === undefined && value.step !== undefined && transparent.has(value.step.primitive);
}

/** Follows transparent steps to the value that is computed. */
export function resolve(value: Value): Value {
  let current = value;
  while (isTransparent(current)) current = current.step!.operands[0]!;
  return current;
}

/** Orders what the roots need, operands first, and gives it a key. A call stays folded: one entry of the key, whatever it computes. */
export function outline(wanted: readonly Value[]): Outline {
  const leaves: Value[] = [];
  const pending: Value[] = [];
  const constants: Value[] = [];
  const names = new Map<Value, string>();
  const keys: string[] = [];
  let calls = 0;

  const visit = (value: Value): void => {
    // An explicit stack: recorded chains can be longer than the call stack allows.
    const stack: Value[] = [value];
    while (stack.length > 0) {
      const current = stack[stack.length - 1]!;
      if (names.has(current)) {
        stack.pop();
        continue;
      }
      const call = wholeCall(current);
      const step = call ?? current.step;
      if (!step) {
        stack.pop();
        names.set(current, `i${leaves.length}`);
        keys.push(`${current.dtype}[${current.shape.join()}]`);
        leaves.push(current);
        continue;
      }
      let ready = true;
      for (let i = step.operands.length - 1; i >= 0; i--) {
        const operand = resolve(step.operands[i]!);
        if (!names.has(operand)) {
          stack.push(operand);
          ready = false;
        }
      }
      if (!ready) continue;
      stack.pop();
      if (call) {
        call.results.forEach((result, i) => names.set(result, `c${calls}.${i}`));
        calls++;
        keys.push(withOperands(call.key, call.operands));
        continue;
      }
      names.set(current, `${pending.length}`);
      const { primitive, attributes, operands, text } = current.step!;
      if (primitive === 'constant') {
        constants.push(current);
        keys.push(`constant ${(attributes as PrimitiveAttributes['constant']).dtype}`);
      } else keys.push(withOperands(text, operands));
      pending.push(current);
    }
  };
  const withOperands = (text: string, operands: readonly Value[]): string => {
    let key = text;
    for (const operand of operands) key += ` ${names.get(resolve(operand))}`;
    return key;
  };

  const roots = [...new Set(wanted.map(resolve))].filter((root) => root.isPending);
  for (const root of roots) visit(root);
  keys.push(roots.map((root) => names.get(root)).join(' '));
  return { key: keys.join('\n'), leaves, pending, hasCalls: calls > 0, roots, constants };
}

/** The call that a value is a result of. One of which something has been computed already is unfolded: what is known need not be computed again. */
function wholeCall({ call }: Value): Call | undefined {
  if (call?.results.every(({ isPending }) => isPending)) return call;
  call?.unfold();
  return undefined;
}

/** The same with every call unfolded: other values are to be computed, of the same leaves. */
export function unfolded(outlined: Outline): Outline {
  if (!outlined.hasCalls) return outlined;
  const seen = new Set<Value>();
  const stack = [...outlined.roots];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (seen.has(value)) continue;
    seen.add(value);
    stack.push(...(value.step?.operands ?? []));
  }
  // What only the calls took stays an input, used or not.
  return { ...outline(outlined.roots), leaves: outlined.leaves };
}

/** The number that a scalar constant is. */
export function numberOf(constant: Value): number {
  return (constant.step!.attributes as PrimitiveAttributes['constant']).value;
}

/** The number that a step is; undefined where it is no constant. */
export function constantValue(step: ProgramStep | undefined): number | undefined {
  return step?.primitive === 'constant' ? (step.attributes as PrimitiveAttributes['constant']).value : undefined;
}

/** The program of an outline. Lifted constants become inputs, behind the leaves and in the order given. */
export function programOf(outlined: Outline, lifted: readonly Value[], replaced?: Program['replaced']): Program {
  const { leaves, pending, roots } = unfolded(outlined);
  const numbers = new Map<Value, number>();
  const inputs: Signature[] = [];
  for (const value of [...leaves, ...lifted]) {
    numbers.set(value, inputs.length);
    inputs.push({ shape: value.shape, dtype: value.dtype });
  }
  const steps: ProgramStep[] = [];
  for (const value of pending) {
    if (numbers.has(value)) continue;
    const { primitive, attributes, operands } = value.step!;
    numbers.set(value, inputs.length + steps.length);
    steps.push({ primitive, attributes, operands: operands.map((operand) => numbers.get(resolve(operand))!), shape: value.shape, dtype: value.dtype });
  }
  return { inputs, steps, outputs: roots.map((root) => numbers.get(root)!), ...(replaced && { replaced }) };
}

/** Shape and type of the value with a number. */
export function signatureOf({ inputs, steps }: Program, number: number): Signature {
  return inputs[number] ?? steps[number - inputs.length]!;
}

/**
 * What these values need of a program, with them as its outputs.
 *
 * @param fed numbers of the inputs to keep, in order; those that are needed unless given.
 */
export function partOf(
  { inputs, steps }: Pick<Program, 'inputs' | 'steps'>, outputs: readonly number[], fed?: readonly number[],
): { readonly part: Program; readonly inputs: readonly number[] } {
  const needed = new Set(outputs);
  for (let i = steps.length - 1; i >= 0; i--) if (needed.has(inputs.length + i)) steps[i]!.operands.forEach((operand) => needed.add(operand));
  const keptInputs = fed ?? inputs.map((_, i) => i).filter((i) => needed.has(i));
  const numbers = new Map(keptInputs.map((number, i) => [number, i]));
  const kept: ProgramStep[] = [];
  steps.forEach((step, i) => {
    if (!needed.has(inputs.length + i)) return;
    numbers.set(inputs.length + i, keptInputs.length + kept.length);
    kept.push({ ...step, operands: step.operands.map((operand) => numbers.get(operand)!) });
  });
  return { part: { inputs: keptInputs.map((number) => inputs[number]!), steps: kept, outputs: outputs.map((output) => numbers.get(output)!) }, inputs: keptInputs };
}

/** What errors call a program. */
export function nameOf({ steps }: Program): string {
  return `a program of ${steps.length} steps`;
}

/** How often each value of a program, by its number, is an operand or a result. */
export function useCounts({ steps, outputs }: Program): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const number of [...steps.flatMap(({ operands }) => operands), ...outputs]) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}
