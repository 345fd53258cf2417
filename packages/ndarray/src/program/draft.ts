import type { Signature } from '../primitives/shape-rules.js';
import { textOf } from '../recording/record.js';
import type { Program, ProgramStep } from './program.js';

/** A program being put together: equal steps are one, and what nothing needs is left out at the end. */
export class Draft {
  readonly #steps: ProgramStep[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param rewriteStep the number of a value equal to a step's. */
  constructor(
    private readonly inputs: readonly Signature[],
    private readonly rewriteStep: (draft: Draft, step: ProgramStep) => number,
  ) {}

  /** The step's value in its simplest form. */
  simplify(step: ProgramStep): number {
    return this.rewriteStep(this, step);
  }

  /** The step as it is. */
  emit(step: ProgramStep): number {
    const key = `${textOf(step.primitive, step.attributes)},${step.operands.join()}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.inputs.length + this.#steps.length;
      this.#steps.push(step);
      this.#numbers.set(key, number);
    }
    return number;
  }

  stepOf(number: number): ProgramStep | undefined {
    return this.#steps[number - this.inputs.length];
  }

  signatureOf(number: number): Signature {
    return this.stepOf(number) ?? this.inputs[number]!;
  }

  finish(outputs: readonly number[], replaced: Program['replaced']): Program {
    const count = this.inputs.length;
    const needed = new Set(outputs);
    for (let i = this.#steps.length - 1; i >= 0; i--) if (needed.has(count + i)) this.#steps[i]!.operands.forEach((operand) => needed.add(operand));
    const numbers = new Map(this.inputs.map((_, i) => [i, i]));
    const steps: ProgramStep[] = [];
    this.#steps.forEach((step, i) => {
      if (!needed.has(count + i)) return;
      numbers.set(count + i, count + steps.length);
      steps.push({ ...step, operands: step.operands.map((operand) => numbers.get(operand)!) });
    });
    return { inputs: this.inputs, steps, outputs: outputs.map((output) => numbers.get(output)!), ...(replaced && { replaced }) };
  }
}

