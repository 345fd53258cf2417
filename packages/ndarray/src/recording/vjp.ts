import { derivatives, type Derivative } from '../primitives/derivatives.js';
import type { Primitive } from '../primitives/primitive.js';
import { formatShape, sameShape } from '../shape.js';
import { add, filled } from './steps.js';
import type { Step, Value } from './value.js';

/** How outputs come from inputs, noted while it was known: made by `tape`, used by `vjp`. */
export interface Tape {
  /** What is differentiated, in the order given to `tape`. */
  readonly outputs: readonly Value[];
  /** What it is differentiated with respect to, in the order given to `tape`. */
  readonly inputs: readonly Value[];
  /** What lies between, the inputs included, operands before what uses them. */
  readonly order: readonly Value[];
  /** The step of each value in `order` that was pending, the inputs left out: reading settles it, the tape remembers. */
  readonly steps: ReadonlyMap<Value, Step>;
}

/**
 * Notes how the outputs come from the inputs. A value that is computed lets go of its step; with the tape it can be differentiated all the same.
 */
export function tapeOfValues(outputs: readonly Value[], inputs: readonly Value[]): Tape {
  const steps = new Map<Value, Step>();
  const stops = new Set(inputs);
  const order = between(outputs, stops, undefined);
  for (const value of order) if (value.step && !stops.has(value)) steps.set(value, value.step);
  return { outputs, inputs, order, steps };
}

function sameValues(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * Records the gradient of Σ outputs·heads with respect to the inputs. Nothing is differentiated beyond the inputs, even where one input was
 * computed from another. An input the outputs do not depend on gets zeros.
 *
 * @param tape steps of values that may have been computed since.
 * @throws RangeError where a head's shape is not its output's; Error where a value on the way was computed and may have come from an input.
 */
export function vjpOfValues(outputs: readonly Value[], inputs: readonly Value[], heads: readonly (Value | null)[], tape?: Tape): Value[] {
  const stops = new Set(inputs);
  const isNoted = tape !== undefined && sameValues(tape.outputs, outputs) && sameValues(tape.inputs, inputs);
  const order = isNoted ? tape.order : between(outputs, stops, tape);
  const reached = new Set(order);
  const gradients = new Map<Value, Value>();
  const accumulate = (value: Value, gradient: Value): void => {
    const before = gradients.get(value);
    gradients.set(value, before ? add(before, gradient) : gradient);
  };
  outputs.forEach((output, i) => {
    const head = heads[i];
    if (!head) return;
    if (!sameShape(head.shape, output.shape)) {
      throw new RangeError(`vjp: head gradient ${i} has shape ${formatShape(head.shape)}, its output ${formatShape(output.shape)}; give one of the output's shape`);
    }
    accumulate(output, head);
  });
  for (let i = order.length - 1; i >= 0; i--) {
    const y = order[i]!;
    const g = gradients.get(y);
    const step = stepOf(y, tape);
    if (!g || !step || stops.has(y)) continue;
    const { primitive, attributes, operands } = step;
    const derivative = derivatives[primitive] as Exclude<Derivative<Primitive>, 'none'>;
    derivative({ attributes: attributes as never, operands, y, g }).forEach((gradient, k) => {
      const operand = operands[k]!;
      if (gradient && reached.has(operand)) accumulate(operand, typeof gradient === 'function' ? gradient() : gradient);
    });
  }
  return inputs.map((input) => gradients.get(input) ?? filled(0, input.shape, 'float32'));
}

function stepOf(value: Value, tape: Tape | undefined): Step | undefined {
  return value.step ?? tape?.steps.get(value);
}

/** Values from the stops to the outputs, operands before what uses them; only those that depend on a stop by a derivative. */
function between(outputs: readonly Value[], stops: ReadonlySet<Value>, tape: Tape | undefined): Value[] {
  const depends = new Map<Value, boolean>();
  const order: Value[] = [];
  const stack = [...outputs];
  while (stack.length > 0) {
    const value = stack[stack.length - 1]!;
    if (depends.has(value)) {
      stack.pop();
      continue;
    }
    const step = stepOf(value, tape);
    if (stops.has(value) || !step || derivatives[step.primitive] === 'none') {
      // What a tape left out did not come from the inputs when it was noted.
      const isStop = stops.has(value);
      if (!isStop && !step && !tape) checkForgotten(value, stops);
      depends.set(value, isStop);
      if (isStop) order.push(value);
      stack.pop();
      continue;
    }
    let isReady = true;
    let reached = false;
    for (const operand of step.operands) {
      const known = depends.get(operand);
      if (known === undefined) {
        stack.push(operand);
        isReady = false;
      } else if (known) reached = true;
    }
    if (!isReady) continue;
    depends.set(value, reached);
    if (reached) order.push(value);
    stack.pop();
  }
  return order;
}

/** A value older than every input cannot have come from one; about a younger one that was computed nobody can tell any more. */
function checkForgotten(value: Value, stops: ReadonlySet<Value>): void {
  if (!value.isComputed || [...stops].every(({ id }) => value.id < id)) return;
  throw new Error(
    `vjp: an array of shape ${formatShape(value.shape)} on the way to the inputs has been computed by a read, and where it came from is forgotten; ` +
      'call vjp before reading it, note the way with tape(outputs, inputs), or mark it as constant with stopGradient(x)',
  );
}
