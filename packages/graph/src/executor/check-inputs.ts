import { badInput, badInputAtHand, type BadInput, type CheckedInputs } from '../operators/input-check.js';
import type { ForwardPass, NodeRun } from './forward-pass.js';
import { locateNonFinite } from './non-finite.js';

/**
 * What is checked of the inputs of losses, and of indices. `fed`: what is in host memory, as fed data and labels are; nothing is read from the engine. `all`:
 * what the engine computes too, by a run of its own after every forward. `none`: nothing, as in MXNet.
 */
export type CheckInputs = 'fed' | 'all' | 'none';

/** Checks inputs in host memory: an index outside its classes, or a label that is no number, would train on nonsense without a word. @throws RangeError */
export function checkFedInputs(pass: ForwardPass): void {
  refuseFedInputs(checkedRuns(pass));
}

/** The same for runs whose checks are known. @throws RangeError */
export function refuseFedInputs(checked: readonly CheckedRun[]): void {
  for (const one of checked) {
    const bad = badInputAtHand(one);
    if (bad) throw refusal(one.run, bad, `; or bind with checkInputs: 'none' to do as MXNet does`);
  }
}

/** A run with what its inputs may hold. */
export interface CheckedRun extends CheckedInputs {
  readonly run: NodeRun;
}

/** The runs of a pass whose inputs are checked. */
export function checkedRuns({ runs }: ForwardPass): CheckedRun[] {
  return runs.map((run) => ({ run, ...checkedInputsOf(run) })).filter(({ checks }) => checks.length > 0);
}

/** Checks all inputs, in one run of the engine. @throws RangeError naming node, argument, value, position, the way out, and for NaN the node where it arose. */
export async function checkAllInputs(pass: ForwardPass): Promise<void> {
  const checked = checkedRuns(pass);
  const bad = await badInput(checked);
  if (!bad) return;
  const origin = bad.holds === 'numbers' ? await locateNonFinite(pass, undefined) : undefined;
  throw refusal(checked[bad.inputs]!.run, bad, origin ? `. It arose here: ${origin.message}` : '');
}

function checkedInputsOf({ node, call }: NodeRun): CheckedInputs {
  const checks = node.operator!.inputChecks?.(node.parameters, call.inputs.map(({ shape }) => shape)) ?? [];
  const names = checks.length === 0 ? [] : node.operator!.inputs(node.parameters).map((argument, i) => {
    const source = node.inputs[i]!;
    const array = source.node.outputName(source.index);
    return argument === array ? argument : `${argument} (${array})`;
  });
  return { names, arrays: call.inputs, checks };
}

function refusal({ node }: NodeRun, { message }: BadInput, more: string): RangeError {
  return new RangeError(`${node.label}: ${message}${more}`);
}
