import { read, sum, type NDArray } from '@lossworks/ndarray';
import type { Node } from '../symbol/node.js';
import type { BackwardPass } from './backward-pass.js';
import type { ForwardPass } from './forward-pass.js';

/** Where a number stopped being one. */
export interface NonFinite {
  /** The node, `fc1`. */
  readonly node: string;
  /** Its operator, `FullyConnected`. */
  readonly operator: string;
  /** `input`: it came in (fed, or a weight); `output`: the operator made it of finite inputs; `gradient`: the way back made it. */
  readonly where: 'input' | 'output' | 'gradient';
  /** The operator's own name of the array: `weight`, `output`. */
  readonly argument: string;
  /** The array's name in the graph: `fc1_weight`, `fc1_output`. */
  readonly array: string;
  /** All of it in a sentence. */
  readonly message: string;
}

interface Candidate {
  readonly node: Node;
  readonly where: NonFinite['where'];
  readonly argument: string;
  readonly array: string;
  readonly value: NDArray;
}

/** The first array, in order of computation, that holds NaN or an infinity; undefined where all are finite. One run of the engine. */
export async function locateNonFinite(forward: ForwardPass, backward: Pick<BackwardPass, 'calls' | 'gradients'> | undefined): Promise<NonFinite | undefined> {
  const candidates = [...forwardCandidates(forward), ...(backward ? backwardCandidates(backward) : [])].filter(({ value }) => value.dtype === 'float32');
  // 0·x is 0 for every finite x.
  const sums = await read(candidates.map(({ value }) => sum(value.mul(0))));
  const found = candidates[sums.findIndex(([total]) => Number.isNaN(total))];
  if (!found) return undefined;
  const { node, where, argument, array } = found;
  return { node: node.name, operator: node.operator!.name, where, argument, array, message: `${node.label}: ${phrases[where](argument, array)}` };
}

const phrases: { readonly [Where in NonFinite['where']]: (argument: string, array: string) => string } = {
  input: (argument, array) => `the input ${argument} (${array}) is not finite`,
  output: (argument, array) => `the output ${argument} (${array}) is not finite, though its inputs are`,
  gradient: (argument, array) => `the gradient for ${argument} (${array}) is not finite, though everything before it is`,
};

function* forwardCandidates({ runs }: ForwardPass): Iterable<Candidate> {
  for (const { node, call, outputs } of runs) {
    const names = [...node.operator!.inputs(node.parameters), ...(node.operator!.auxiliaryStates?.(node.parameters) ?? [])];
    for (const [k, value] of [...call.inputs, ...call.auxiliaryStates].entries()) {
      const source = node.inputs[k]!;
      yield { node, where: 'input', argument: names[k]!, array: source.node.outputName(source.index), value };
    }
    for (const [index, value] of outputs.entries()) yield { node, where: 'output', argument: node.outputNames[index]!, array: node.outputName(index), value };
  }
}

function* backwardCandidates({ calls, gradients }: Pick<BackwardPass, 'calls' | 'gradients'>): Iterable<Candidate> {
  for (const [node, call] of calls) {
    const names = node.operator!.inputs(node.parameters);
    for (const [k, value] of (gradients.get(node) ?? []).entries()) {
      const source = node.inputs[k]!;
      if (value && call.wanted[k]) yield { node, where: 'gradient', argument: names[k]!, array: source.node.outputName(source.index), value };
    }
  }
}
