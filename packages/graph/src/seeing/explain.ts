import { countRecording, profile, waitAll, type RecordingCounts, type RunProfile } from '@lossworks/ndarray';
import type { Executor } from '../executor/executor.js';

/** Which steps `explain` measures. */
export interface ExplainOptions {
  /** Whether the step goes backward too; true unless given. */
  readonly isTrain?: boolean;
  /** Runs that the times are the mean of; 5 unless given. */
  readonly runs?: number;
}

/** Where the time of a step goes: milliseconds by operator, and what the compiled program shares. */
export interface Explanation extends RunProfile {
  /** What recording the step took, in steps: made, equal ones taken again, operations on known numbers folded away. */
  readonly recording: RecordingCounts;
  /** Recorded steps that nothing asked for depends on: left out of the program. */
  readonly deadSteps: number;
  /** The report as text. */
  toString(): string;
}

/**
 * Where a step of an executor spends its time: the operators of the compiled program, by the engine's own profile, and how well the program was put together.
 * Over the present contents of the arrays; outputs, gradients and auxiliary states stay as they are. Head gradients are ones.
 *
 * @throws Error where the native ONNX Runtime is missing; RangeError for custom operators that compute outside the program.
 */
export async function explain(executor: Executor, { isTrain = true, runs = 5 }: ExplainOptions = {}): Promise<Explanation> {
  // What is pending from before would not count as recorded.
  await waitAll();
  const { result: arrays, counts: recording } = await countRecording(() => executor.recordStep(isTrain));
  const measured = await profile(arrays, { runs });
  const facts = { ...measured, recording, deadSteps: Math.max(0, recording.made - measured.neededSteps) };
  return { ...facts, toString: () => report(facts) };
}

function report({ operators, milliseconds, program, recording, deadSteps }: Omit<Explanation, 'toString'>): string {
  const total = operators.reduce((sum, operator) => sum + operator.milliseconds, 0) || 1;
  const rows = operators.map((each) => [each.operator, String(each.nodes), each.milliseconds.toFixed(3), `${((100 * each.milliseconds) / total).toFixed(1)} %`]);
  const all = [['operator', 'nodes', 'ms', 'share'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '));
  const { steps, inputs, outputs, sharedUses, elementwiseChains: chains } = program;
  return [
    ...lines,
    `a run takes ${milliseconds.toFixed(3)} ms`,
    `recorded: ${recording.made} steps; ${recording.equal} equal ones taken again, ${recording.folded} operations on known numbers folded, ${deadSteps} dead steps left out`,
    `program: ${steps} steps from ${inputs} inputs to ${outputs} outputs; ${sharedUses} results used again in place of computing them twice`,
    `elementwise chains of one shape: ${chains.count}, of ${chains.steps} steps, the longest ${chains.longest}`,
  ].join('\n');
}
