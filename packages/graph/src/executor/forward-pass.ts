import { alias, tape, transient, type NDArray, type RandomGenerator, type RandomState, type Tape } from '@lossworks/ndarray';
import type { Call } from '../operators/operator.js';
import type { Node } from '../symbol/node.js';

/** One operator's use in a pass: what it was called with and what it gave. */
export interface NodeRun {
  readonly node: Node;
  readonly call: Call;
  readonly outputs: readonly NDArray[];
  /** How the outputs come from the inputs, for the derivative: an output may be read before the way back is recorded. */
  readonly tape: Tape | undefined;
  /** The generator before it drew random numbers, so that recorded again it draws the same; undefined where it drew none. */
  readonly randomBefore: RandomState | undefined;
}

/** What a forward pass recorded, in order; it grows while the pass goes on. */
export interface ForwardPass {
  readonly runs: NodeRun[];
  readonly outputsOf: Map<Node, readonly NDArray[]>;
}

export interface PassOptions {
  readonly isTrain: boolean;
  readonly random: RandomGenerator;
  readonly validRows: NDArray | undefined;
}

/** How the arrays of a pass are recorded: `transient`, or as they come where somebody else is shown them. */
export type Recording = <Result>(record: () => Result) => Result;

/** What operators keep for themselves, by node. */
export type Memories = Map<Node, { [key: string]: unknown }>;

/**
 * Records every node of a graph into the pass, in the given order, over the arrays of its variables.
 *
 * Equal sub-expressions are one value, so two things are kept apart for the way back: what a node with a gradient of its own gives out is an alias,
 * past which nobody differentiates; and one value at two inputs of a node is aliased at the second.
 *
 * @param recording that of the pass; `transient` unless given.
 */
export async function recordForward({ runs, outputsOf }: ForwardPass, nodes: readonly Node[], variables: ReadonlyMap<Node, NDArray>, memories: Memories, options: PassOptions, recording: Recording = transient): Promise<void> {
  for (const node of nodes) {
    const { operator } = node;
    if (!operator) {
      outputsOf.set(node, [recording(() => variables.get(node)!.snapshot())]);
      continue;
    }
    if (!memories.has(node)) memories.set(node, {});
    const call: Call = {
      memory: memories.get(node)!,
      name: node.name,
      parameters: node.parameters,
      inputs: recording(() => apart(node.inputs.slice(0, node.argumentCount).map((input) => outputsOf.get(input.node)![input.index]!))),
      auxiliaryStates: node.inputs.slice(node.argumentCount).map((input) => variables.get(input.node)!),
      ...options,
    };
    // They end the way back as inputs do; the operator may assign to the arrays.
    const ends = operator.gradient ? [] : [...call.inputs, ...recording(() => call.auxiliaryStates.map((state) => state.snapshot()))];
    const before = options.random.state;
    const recorded = await settled(node, () => recording(() => operator.record(call)));
    const randomBefore = before === options.random.state ? undefined : before;
    const outputs = operator.gradient ? recording(() => recorded.map(alias)) : recorded;
    outputsOf.set(node, outputs);
    runs.push({ node, call, outputs, randomBefore, tape: operator.gradient ? undefined : tape(outputs, ends) });
  }
}

/** Aliases an array whose value stands at an earlier input already. */
export function apart(inputs: readonly NDArray[]): NDArray[] {
  const seen = new Set<unknown>();
  return inputs.map((input) => {
    const distinct = seen.has(input.value) ? alias(input) : input;
    seen.add(distinct.value);
    return distinct;
  });
}

/** Calls into an operator; what it throws is told with the node's name. Waits only for a promise. */
async function settled<T>(node: Node, call: () => T | Promise<T>): Promise<T> {
  try {
    const result = call();
    return result instanceof Promise ? await result : result;
  } catch (error) {
    throw named(node, error);
  }
}

/** The error with the node in front, unless it names it already. */
export function named(node: Node, error: unknown): unknown {
  if (!(error instanceof Error) || error.message.startsWith(node.label)) return error;
  error.message = `${node.label}: ${error.message}`;
  return error;
}
