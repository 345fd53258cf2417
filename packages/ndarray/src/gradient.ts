import { NDArray } from './ndarray.js';
import { retain as retainValues } from './program/evaluation.js';
import { forgetPending, recordingCounts, type RecordingCounts } from './recording/record.js';
import { tapeOfValues, type Tape, vjpOfValues } from './recording/vjp.js';
import type { Value } from './recording/value.js';

/**
 * Records the gradient of Σ outputs·heads with respect to each input, in the input's shape: the vector–Jacobian product. Nothing is differentiated past the
 * inputs; one that the outputs do not depend on gets zeros. A null head means zeros.
 *
 * @param heads one an output, of its shape.
 * @param recorded from `tape`, where outputs or what lies between may have been read since they were recorded.
 * @throws RangeError where a head's shape is not its output's; Error where an array on the way was read, and so forgot where it came from, and there is no
 * tape.
 */
export function vjp(outputs: readonly NDArray[], inputs: readonly NDArray[], heads: readonly (NDArray | null)[], recorded?: Tape): NDArray[] {
  const values = vjpOfValues(outputs.map(({ value }) => value), inputs.map(({ value }) => value), heads.map((head) => head && head.value), recorded);
  return values.map((value) => new NDArray(value));
}

/** Notes how outputs come from inputs, so that `vjp` can differentiate them even after they have been read. Computes nothing. */
export function tape(outputs: readonly NDArray[], inputs: readonly NDArray[]): Tape {
  return tapeOfValues(outputs.map(({ value }) => value), inputs.map(({ value }) => value));
}

/**
 * Asks, at every evaluation, for further arrays to compute and keep along with it: what a forward pass will need on its way back. The returned function ends
 * it; so does the end of the owner.
 *
 * @param provider must not refer to the owner but by its argument, or the owner never ends.
 */
export function retain<Owner extends object>(owner: Owner, provider: (owner: Owner) => readonly NDArray[]): () => void {
  return retainValues(owner, (alive) => provider(alive).map(({ value }) => value));
}

/**
 * The pending arrays that the results refer to directly, seen from the placeholders: each does not depend on a placeholder itself, but something that does
 * uses it. With these kept (`retain`), the results can be computed later without computing anything again that is known now.
 */
export function boundary(results: readonly NDArray[], placeholders: readonly NDArray[]): NDArray[] {
  const open = new Set<Value>(placeholders.map(({ value }) => value));
  const depends = new Map<Value, boolean>();
  const stack = results.map(({ value }) => value);
  while (stack.length > 0) {
    const value = stack[stack.length - 1]!;
    if (depends.has(value) || !value.step) {
      depends.set(value, depends.get(value) ?? open.has(value));
      stack.pop();
      continue;
    }
    const waiting = value.step.operands.filter((operand) => !depends.has(operand));
    if (waiting.length > 0) stack.push(...waiting);
    else {
      depends.set(value, value.step.operands.some((operand) => depends.get(operand)));
      stack.pop();
    }
  }
  const kept = new Set<Value>();
  for (const [value, dependent] of depends) {
    if (!dependent || !value.step) continue;
    for (const operand of value.step.operands) if (!depends.get(operand) && operand.step && !isConstant(operand)) kept.add(operand);
  }
  for (const { value } of results) if (value.step && !depends.get(value)) kept.add(value);
  return [...kept].map((value) => new NDArray(value));
}

function isConstant({ step }: Value): boolean {
  return step?.primitive === 'constant' || step?.primitive === 'iota' || (step?.primitive === 'broadcastTo' && isConstant(step.operands[0]!));
}

/** Runs `build` with nothing known from before, and counts the steps that recording took. */
export async function countRecording<Result>(build: () => Result | Promise<Result>): Promise<{ readonly result: Result; readonly counts: RecordingCounts }> {
  forgetPending();
  const before = { ...recordingCounts };
  const result = await build();
  const { made, equal, folded } = recordingCounts;
  return { result, counts: { made: made - before.made, equal: equal - before.equal, folded: folded - before.folded } };
}
