import { boundary, placeholder, transient, vjp, type NDArray } from '@lossworks/ndarray';
import type { BackwardCall } from '../operators/operator.js';
import type { Node, NodeOutput } from '../symbol/node.js';
import { named, type ForwardPass, type NodeRun, type Recording } from './forward-pass.js';
import { isRecomputed, Recomputation, type Recompute } from './recomputation.js';

/** Gradients by node output, summed over all uses. */
export class GradientSums {
  readonly #sums = new Map<Node, (NDArray | null)[]>();

  add({ node, index }: NodeOutput, gradient: NDArray): void {
    const sums = this.of(node);
    const before = sums[index];
    sums[index] = before ? before.add(gradient) : gradient;
    this.#sums.set(node, sums);
  }

  of(node: Node): (NDArray | null)[] {
    return this.#sums.get(node) ?? new Array<NDArray | null>(node.outputCount).fill(null);
  }
}

/** What a backward pass found: gradients of variables, and each node's call for those that collect contributions. */
export interface BackwardPass {
  gradientOf(variable: Node): NDArray | null;
  readonly calls: ReadonlyMap<Node, BackwardCall>;
  /** Each node's gradients for its arguments, in the order of `calls`. */
  readonly gradients: ReadonlyMap<Node, readonly (NDArray | null)[]>;
}

export interface BackwardOptions {
  readonly heads: readonly NodeOutput[];
  readonly headGradients: readonly (NDArray | null)[];
  /** Nodes through which some wanted gradient flows. */
  readonly wanted: ReadonlySet<Node>;
  /** What is computed again in place of being kept; nothing unless told. */
  readonly recompute?: Recompute;
  /** That of the pass; `transient` unless given. */
  readonly recording?: Recording;
}

/** Whether backward of a node starts by itself, without a gradient from behind. */
export function startsGradient(node: Node): boolean {
  return node.operator?.usesHeadGradient?.(node.parameters) === false;
}

/** Nodes whose backward needs a gradient from behind, for what a wanted gradient depends on: not a loss, nor what only hands on the output of one (MXNet prunes it). */
export function needHeadGradient(nodes: readonly Node[], wanted: ReadonlySet<Node>): ReadonlySet<Node> {
  const needy = new Set<Node>();
  for (const node of nodes) {
    if (!wanted.has(node) || startsGradient(node)) continue;
    const inputs = node.inputs.slice(0, node.argumentCount);
    if (node.operator === null || inputs.some((input) => needy.has(input.node))) needy.add(node);
  }
  return needy;
}

/** Records the way back, last node first. Waits for operators whose gradient is asynchronous. */
export async function recordBackward(pass: ForwardPass, { heads, headGradients, wanted, recompute = false, recording = transient }: BackwardOptions): Promise<BackwardPass> {
  const sums = new GradientSums();
  const calls = new Map<Node, BackwardCall>();
  const gradientsOf = new Map<Node, readonly (NDArray | null)[]>();
  const recomputation = recompute === false ? undefined : new Recomputation(pass, recompute);
  heads.forEach((head, i) => {
    const gradient = headGradients[i];
    if (gradient && !startsGradient(head.node)) sums.add(head, gradient);
  });
  // From the heads up to the losses, which start by themselves.
  const reached = new Set(heads.map(({ node }) => node));
  for (const kept of pass.runs.toReversed()) {
    const { node } = kept;
    const outputGradients = sums.of(node);
    const starts = startsGradient(node) && reached.has(node);
    if (!startsGradient(node) && reached.has(node)) for (const input of node.inputs) reached.add(input.node);
    if (!wanted.has(node) || (!starts && outputGradients.every((gradient) => gradient === null))) continue;
    const run = recording(() => recomputation?.of(kept, outputGradients)) ?? kept;
    const call = backwardCall(run, outputGradients, wanted);
    calls.set(node, call);
    const gradients = await recording(() => inputGradients(run, call));
    gradientsOf.set(node, gradients);
    recomputation?.found(gradients.filter((_, k) => call.wanted[k]));
    recording(() => node.inputs.slice(0, node.argumentCount).forEach((input, k) => {
      const gradient = gradients[k];
      if (gradient && call.wanted[k]) sums.add(input, gradient);
    }));
  }
  return { gradientOf: (variable) => sums.of(variable)[0]!, calls, gradients: gradientsOf };
}

export function backwardCall(run: NodeRun, outputGradients: readonly (NDArray | null)[], wanted: ReadonlySet<Node>): BackwardCall {
  const inputs = run.node.inputs.slice(0, run.node.argumentCount);
  return { ...run.call, outputs: run.outputs, outputGradients, wanted: inputs.map((input) => wanted.has(input.node)) };
}

/** By the operator's own rule, or derived from what it recorded. */
export function inputGradients({ node, outputs, tape }: NodeRun, call: BackwardCall): readonly (NDArray | null)[] | Promise<readonly (NDArray | null)[]> {
  const failed = (error: unknown): never => {
    throw named(node, error);
  };
  try {
    const own = node.operator!.gradient?.(call);
    if (own instanceof Promise) return own.catch(failed);
    return own ?? vjp(outputs, call.inputs, call.outputGradients, tape);
  } catch (error) {
    return failed(error);
  }
}

/**
 * What the way back through these runs will refer to and is still pending. Each run is tried with placeholders for the gradients behind it; where an
 * operator has effects, its inputs and outputs stand for what it may read.
 */
export function neededByBackward(runs: readonly NodeRun[], wanted: ReadonlySet<Node>, recompute: Recompute): NDArray[] {
  const placeholders: NDArray[] = [];
  const dropped = new Set(runs.filter((run) => isRecomputed(run, recompute)).map(({ node }) => node));
  const results: NDArray[] = [];
  for (const run of runs) {
    if (!wanted.has(run.node)) continue;
    if (recompute !== false) {
      // Computed again from what is kept.
      if (isRecomputed(run, recompute)) continue;
      results.push(...run.outputs);
      if (run.node.inputs.some((input) => dropped.has(input.node))) continue;
    }
    const unknown = run.outputs.map(({ shape }) => placeholder(shape));
    placeholders.push(...unknown);
    const call = backwardCall(run, unknown, wanted);
    const { hasEffects, contribution } = run.node.operator!;
    if (hasEffects) results.push(...call.inputs, ...call.outputs);
    else {
      const gradients = inputGradients(run, call) as readonly (NDArray | null)[];
      results.push(...gradients.filter((gradient, k) => gradient !== null && call.wanted[k]).map((gradient) => gradient!));
      if (contribution) results.push(...contribution.contribute(call));
    }
  }
  return boundary(results, placeholders);
}
