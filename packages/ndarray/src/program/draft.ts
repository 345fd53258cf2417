import type { Signature } from '../primitives/shape-rules.js';
import { textOf } from '../recording/record.js';
import { partOf, type Program, type ProgramStep } from './program.js';

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
    const { part } = partOf({ inputs: this.inputs, steps: this.#steps }, outputs, this.inputs.map((_, i) => i));
    return { ...part, ...(replaced && { replaced }) };
  }
}

